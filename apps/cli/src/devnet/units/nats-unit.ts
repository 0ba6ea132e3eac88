import { join } from 'node:path';
import { replaceFile } from '../../files/private-file.js';
import { runningNodes } from '../devnet-file.js';
import type { Devnet, RunningNode } from '../devnet-file.js';
import { NATS_PASSWORD_FILE, passwordOf, userOf } from './credentials.js';
import { serverUnit, type SharedServer } from './server-unit.js';
import type { Unit } from './unit.js';

const PORT_IN_CONTAINER = 4_222;
const CONFIG = 'nats.conf';

const SERVER: SharedServer = {
  name: 'nats',
  program: 'nats-server',
  flags: ['-c'],
  configFile: CONFIG,
  portInContainer: PORT_IN_CONTAINER,
  folderInContainer: '/etc/starling',
  stopSignal: 'SIGINT', // after SIGTERM it ends with code 1, as if something had gone wrong
  probe: (port) => ({ kind: 'tcp', port, say: '', expect: ['INFO '] }),
};

/** The NATS server of a devnet; null when it was given by URL. */
export const natsUnit = (devnet: Devnet): Unit | null => serverUnit(devnet, SERVER);

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
