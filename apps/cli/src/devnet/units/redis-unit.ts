import { join } from 'node:path';
import { replaceFile } from '../../files/private-file.js';
import { runningNodes } from '../devnet-file.js';
import type { Devnet } from '../devnet-file.js';
import { containerProcess } from './container-process.js';
import { redisUserRule } from './credentials.js';
import type { Probe, Unit } from './unit.js';

const PORT_IN_CONTAINER = 6_379;
const FOLDER_IN_CONTAINER = '/data';
const CONFIG = 'redis.conf';

/** Without a password it may only say that it is there. */
const probeOf = (port: number): Probe => ({ kind: 'tcp', port, say: 'PING\r\n', expect: ['+PONG', '-NOAUTH'] });

/** The Redis server of a devnet; null when it was given by URL. */
export function redisUnit(devnet: Devnet): Unit | null {
  const { source, port } = devnet.redis;
  const folder = join(devnet.dir, 'redis');
  const common = { role: 'redis', logFile: join(folder, 'redis.log'), probes: [probeOf(port)] } as const;
  switch (source.kind) {
    case 'given':
      return null;
    case 'binary': {
      const { path: program } = source;
      const args = [join(folder, CONFIG)];
      return { name: 'redis', folder, processes: [{ ...common, program, args, env: process.env }] };
    }
    case 'container': {
      const container = `starling-${devnet.id}-redis`;
      const run = containerProcess({
        container,
        image: source.image,
        folder,
        mountedAt: FOLDER_IN_CONTAINER,
        port,
        portInside: PORT_IN_CONTAINER,
        command: ['redis-server', `${FOLDER_IN_CONTAINER}/${CONFIG}`],
      });
      return { name: 'redis', folder, container, processes: [{ ...common, ...run }] };
    }
  }
}

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
