import type { ProcessSpec } from './unit.js';

export interface ContainerRun {
  readonly container: string;
  readonly image: string;
  readonly folder: string;
  readonly mountedAt: string;
  readonly port: number;
  readonly portInside: number;
  readonly command: readonly string[];
}

/** A server in a container, its port on 127.0.0.1 only. The docker client stays and passes signals on. */
export function containerProcess(run: ContainerRun): Pick<ProcessSpec, 'program' | 'args' | 'env'> {
  const { container, image, folder, mountedAt, port, portInside, command } = run;
  const user = process.getuid && process.getgid ? ['--user', `${process.getuid()}:${process.getgid()}`] : [];
  const args = ['run', '--rm', '--init', '--name', container, ...user];
  args.push('--publish', `127.0.0.1:${port}:${portInside}`, '--volume', `${folder}:${mountedAt}`);
  return { program: 'docker', args: [...args, image, ...command], env: process.env };
}
