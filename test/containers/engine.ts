import { execFile } from 'node:child_process';
import { describe, jest } from '@jest/globals';

/** What `npm run test:containers` built; without it there is no engine, and these tests are counted as skipped. */
const built = process.env.STARLING_CONTAINER_IMAGE;
export const describeWithEngine = built ? describe : describe.skip;

/** Of the image under test, as docker-compose.yml names it. */
export const VERSION = built?.split(':')[1] ?? '';
export const IMAGE = built ?? '';

/** Most commands take a second; a start with health checks on a busy machine takes half a minute. */
export const COMMAND_TIMEOUT_MS = 240_000;
/** A whole build without any cache, with other work on the same two cores. */
export const BUILD_TIMEOUT_MS = 600_000;
/** Starts, waits and the removal of what one test began. */
export const TEST_TIMEOUT_MS = 420_000;

jest.setTimeout(TEST_TIMEOUT_MS);

const MAX_OUTPUT_BYTES = 256 * 1_024 * 1_024;

export interface Surroundings {
  readonly cwd?: string;
  /** Besides what the container client needs itself. */
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Nothing of the developer's own settings comes through. */
const CLIENT_ENVIRONMENT = ['PATH', 'HOME', 'DOCKER_HOST', 'DOCKER_CONFIG', 'DOCKER_CONTEXT', 'DOCKER_CERT_PATH'];

/** Runs a program to its end or its deadline, whatever its exit code. */
export function run(program: string, args: readonly string[], around: Surroundings = {}): Promise<Ended> {
  const { cwd = process.cwd(), env = {}, timeoutMs = COMMAND_TIMEOUT_MS } = around;
  const kept = CLIENT_ENVIRONMENT.map((name) => [name, process.env[name]]);
  const options = {
    cwd,
    timeout: timeoutMs,
    maxBuffer: MAX_OUTPUT_BYTES,
    env: { ...(Object.fromEntries(kept) as NodeJS.ProcessEnv), ...env },
  };
  return new Promise((resolve) => {
    execFile(program, args, options, (cause, stdout, stderr) => {
      const code = cause === null ? 0 : typeof cause.code === 'number' ? cause.code : 128;
      resolve({ code, stdout, stderr: cause?.killed ? `${stderr}\nnot within ${timeoutMs} ms` : stderr });
    });
  });
}

/** Runs `docker` and gives what it printed. Throws with its last words when it fails. */
export async function docker(args: readonly string[], around: Surroundings = {}): Promise<string> {
  const { code, stdout, stderr } = await run('docker', args, around);
  if (code === 0) return stdout.trim();
  throw new Error(`docker ${args.join(' ')} ended with ${code}: ${(stderr || stdout).trim().slice(-2_000)}`);
}
