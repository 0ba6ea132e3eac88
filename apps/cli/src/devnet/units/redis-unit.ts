import { join } from 'node:path';
import { replaceFile } from '../../files/private-file.js';
import { runningNodes } from '../devnet-file.js';
import type { Devnet } from '../devnet-file.js';
import { redisUserRule } from './credentials.js';
import { serverUnit, type SharedServer } from './server-unit.js';
import type { Unit } from './unit.js';

const PORT_IN_CONTAINER = 6_379;
const FOLDER_IN_CONTAINER = '/data';
const CONFIG = 'redis.conf';

const SERVER: SharedServer = {
  name: 'redis',
  program: 'redis-server',
  flags: [],
  configFile: CONFIG,
  portInContainer: PORT_IN_CONTAINER,
  folderInContainer: FOLDER_IN_CONTAINER,
  // Without a password it may only say that it is there.
  probe: (port) => ({ kind: 'tcp', port, say: 'PING\r\n', expect: ['+PONG', '-NOAUTH'] }),
};

/** The Redis server of a devnet; null when it was given by URL. */
export const redisUnit = (devnet: Devnet): Unit | null => serverUnit(devnet, SERVER);

/** Nothing that was acknowledged may be lost, nothing may be evicted, and each node sees its own keys only. */
export async function writeRedisConfig(devnet: Devnet): Promise<void> {
  const isContainer = devnet.redis.source.kind === 'container';
  const folder = join(devnet.dir, 'redis');
  const lines = [
    `port ${isContainer ? PORT_IN_CONTAINER : devnet.redis.port}`,
    `bind ${isContainer ? '0.0.0.0' : '127.0.0.1'}`,
    `dir ${isContainer ? FOLDER_IN_CONTAINER : JSON.stringify(folder)}`,
    'daemonize no',
    'save ""',
    'appendonly yes',
    'appendfsync always',
    'maxmemory-policy noeviction',
    'slowlog-log-slower-than -1', // it would keep commands as they are, with accounts in them
    'user default off ~* &* +@all', // nobody logs in as it, but Redis replays its file as this user
    ...runningNodes(devnet).map((node) => `user ${redisUserRule(devnet, node).join(' ')}`),
  ];
  await replaceFile(join(folder, CONFIG), `${lines.join('\n')}\n`);
}
