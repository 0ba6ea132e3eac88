import { join } from 'node:path';
import { replaceFile } from '../../files/private-file.js';
import { runningNodes } from '../devnet-file.js';
import type { Devnet, RunningNode } from '../devnet-file.js';
import { containerProcess } from './container-process.js';
import { NATS_PASSWORD_FILE, passwordOf, userOf } from './credentials.js';
import type { Unit } from './unit.js';

const PORT_IN_CONTAINER = 4_222;
const FOLDER_IN_CONTAINER = '/etc/starling';
const CONFIG = 'nats.conf';
/** After SIGTERM it ends with code 1, as if something had gone wrong. */
const stopSignal = 'SIGINT';

/** The NATS server of a devnet; null when it was given by URL. */
export function natsUnit(devnet: Devnet): Unit | null {
  const { source, port } = devnet.nats;
  const folder = join(devnet.dir, 'nats');
  const probe = { kind: 'tcp', port, say: '', expect: ['INFO '] } as const;
  const common = { role: 'nats', logFile: join(folder, 'nats.log'), probes: [probe] } as const;
  switch (source.kind) {
    case 'given':
      return null;
    case 'binary': {
      const { path: program } = source;
      const args = ['-c', join(folder, CONFIG)];
      return { name: 'nats', folder, stopSignal, processes: [{ ...common, program, args, env: process.env }] };
    }
    case 'container': {
      const container = `starling-${devnet.id}-nats`;
      const run = containerProcess({
        container,
        image: source.image,
        folder,
        mountedAt: FOLDER_IN_CONTAINER,
        port,
        portInside: PORT_IN_CONTAINER,
        command: ['nats-server', '-c', `${FOLDER_IN_CONTAINER}/${CONFIG}`],
      });
      return { name: 'nats', folder, stopSignal, container, processes: [{ ...common, ...run }] };
    }
  }
}

/** Every node is an account of its own: nodes cannot even name each other's subjects. */
export async function writeNatsConfig(devnet: Devnet): Promise<void> {
  const isContainer = devnet.nats.source.kind === 'container';
  const listen = isContainer ? `0.0.0.0:${PORT_IN_CONTAINER}` : `127.0.0.1:${devnet.nats.port}`;
  const lines = [
    `listen: "${listen}"`,
    'max_payload: 12MB', // a page of messages (7.8 MB) must fit
    'accounts: {',
    ...runningNodes(devnet).map((node) => accountOf(devnet, node)),
    '}',
  ];
  await replaceFile(join(devnet.dir, 'nats', CONFIG), `${lines.join('\n')}\n`);
}

function accountOf(devnet: Devnet, node: RunningNode): string {
  const user = userOf(devnet, node);
  const password = passwordOf(devnet, node, NATS_PASSWORD_FILE);
  return `  ${JSON.stringify(node.name)}: { users: [ { user: ${JSON.stringify(user)}, password: ${JSON.stringify(password)} } ] }`;
}
