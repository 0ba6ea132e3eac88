import { join } from 'node:path';
import type { Devnet } from '../devnet-file.js';
import { containerProcess } from './container-process.js';
import type { Probe, Unit } from './unit.js';

/** A server that all nodes of a devnet share. */
export interface SharedServer {
  readonly name: 'redis' | 'nats';
  /** In its container. */
  readonly program: string;
  /** Come before the path of its configuration. */
  readonly flags: readonly string[];
  /** In its folder. */
  readonly configFile: string;
  readonly portInContainer: number;
  readonly folderInContainer: string;
  readonly stopSignal?: NodeJS.Signals;
  readonly probe: (port: number) => Probe;
}

/** The server as something to start; null when it was given by URL. */
export function serverUnit(devnet: Devnet, server: SharedServer): Unit | null {
  const { name, flags, configFile, stopSignal } = server;
  const { source, port } = devnet[name];
  const folder = join(devnet.dir, name);
  const unit = { name, folder, ...(stopSignal === undefined ? {} : { stopSignal }) };
  const common = { role: name, logFile: join(folder, `${name}.log`), probes: [server.probe(port)] } as const;
  switch (source.kind) {
    case 'given':
      return null;
    case 'binary': {
      const args = [...flags, join(folder, configFile)];
      return { ...unit, processes: [{ ...common, program: source.path, args, env: process.env }] };
    }
    case 'container': {
      const container = `starling-${devnet.id}-${name}`;
      const run = containerProcess({
        container,
        image: source.image,
        folder,
        mountedAt: server.folderInContainer,
        port,
        portInside: server.portInContainer,
        command: [server.program, ...flags, `${server.folderInContainer}/${configFile}`],
      });
      return { ...unit, container, processes: [{ ...common, ...run }] };
    }
  }
}
