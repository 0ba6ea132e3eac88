import { describe, expect, it } from '@jest/globals';
import type { Devnet } from '../devnet-file.js';
import { natsUnit } from './nats-unit.js';
import { redisUnit } from './redis-unit.js';

const PORT = 10_001;

type Source = Devnet['nats']['source'];

/** What of a plan concerns the servers. */
const aDevnet = (source: Source): Devnet =>
  ({
    id: 'd1',
    dir: '/dev/net',
    redis: { source, port: PORT, ownUsers: true },
    nats: { source, port: PORT },
  }) as Devnet;

describe('a server that all nodes of a devnet share', () => {
  it('is nothing to start when it was given', () => {
    const given = aDevnet({ kind: 'given', urls: ['somewhere'] });
    expect([redisUnit(given), natsUnit(given)]).toEqual([null, null]);
  });

  it.each([
    ['Redis', redisUnit, 'redis', ['/dev/net/redis/redis.conf'], undefined],
    ['NATS', natsUnit, 'nats', ['-c', '/dev/net/nats/nats.conf'], 'SIGINT'],
  ] as const)(
    'is a program of this machine, with a folder and a log of its own: %s',
    (_name, unitOf, name, args, end) => {
      const unit = unitOf(aDevnet({ kind: 'binary', path: '/bin/a-server' }));
      expect(unit).toEqual({
        name,
        folder: `/dev/net/${name}`,
        ...(end === undefined ? {} : { stopSignal: end }),
        processes: [
          {
            role: name,
            program: '/bin/a-server',
            args,
            env: process.env,
            logFile: `/dev/net/${name}/${name}.log`,
            probes: [expect.objectContaining({ kind: 'tcp', port: PORT })],
          },
        ],
      });
    },
  );

  it.each([
    ['Redis', redisUnit, 'redis', 6_379, '/data', ['redis-server', '/data/redis.conf']],
    ['NATS', natsUnit, 'nats', 4_222, '/etc/starling', ['nats-server', '-c', '/etc/starling/nats.conf']],
  ] as const)(
    'is a container that this machine alone reaches: %s',
    (_name, unitOf, name, inside, mountedAt, command) => {
      const unit = unitOf(aDevnet({ kind: 'container', image: 'an-image' }));
      expect(unit).toMatchObject({ name, container: `starling-d1-${name}`, processes: [{ program: 'docker' }] });
      const args = unit?.processes[0]?.args ?? [];
      expect(args[args.indexOf('--publish') + 1]).toBe(`127.0.0.1:${PORT}:${inside}`);
      expect(args[args.indexOf('--volume') + 1]).toBe(`/dev/net/${name}:${mountedAt}`);
      expect(args.slice(args.indexOf('an-image') + 1)).toEqual(command);
    },
  );
});
