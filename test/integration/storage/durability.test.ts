import { describe, expect, it } from '@jest/globals';
import { readConfig, Readiness } from '#platform';
import { anAccount, startRedis, waitUntil } from '#testing';
import type { NewMessage } from '../../../apps/storage/src/mailbox/mailboxes.js';
import { RedisProvider } from '../../../apps/storage/src/redis/redis.provider.js';
import { STORAGE_PREFIX, storageSchema } from '../../../apps/storage/src/storage.config.js';
import { MemoryLog } from '../memory-log.js';
import { aMessage } from './a-message.js';
import { expectConsistent } from './account-inspection.js';
import { ConnectedRedis, PREFIX } from './connected-redis.js';

const START_TIMEOUT_MS = 60_000;
const RECOVERY_TIMEOUT_MS = 15_000;
const NOW = Date.now();
const WRITERS = 8;
/** Acknowledged before the server is killed: enough that the kill falls into a busy stream. */
const BEFORE_KILL = 400;

const message = (name: string): NewMessage => aMessage(name, NOW);

describe('a Redis that is killed while messages are stored', () => {
  const redis = new ConnectedRedis();

  it(
    'has every message that was acknowledged, and keys that agree with each other',
    async () => {
      const acknowledged = new Map<number, string[]>();
      let count = 0;
      let killed: Promise<void> | undefined;
      const write = async (writer: number): Promise<void> => {
        const done: string[] = [];
        acknowledged.set(writer, done);
        for (let number = 0; ; number += 1) {
          const each = message(`${writer} ${number}`);
          const isDone = await redis.mailboxes.store(anAccount(writer), each, NOW).then(
            () => true,
            () => false,
          );
          if (!isDone) return;
          done.push(each.hash);
          count += 1;
          if (count >= BEFORE_KILL) killed ??= redis.server.kill();
        }
      };
      await Promise.all(Array.from({ length: WRITERS }, (_unused, writer) => write(writer)));
      await killed;
      await redis.server.restart();

      const hashesOf = async (writer: number): Promise<string[]> => {
        const limits = { maxMessages: null, maxCost: 7_800_000 };
        return (await redis.mailboxes.page(anAccount(writer), 0, null, limits, NOW)).messages.map(({ hash }) => hash);
      };
      await waitUntil('Redis', RECOVERY_TIMEOUT_MS, () => hashesOf(0));
      for (const [writer, hashes] of acknowledged) {
        const held = await hashesOf(writer);
        expect(held.slice(0, hashes.length)).toEqual(hashes); // one more may be there that nobody heard of
        expect(held.length - hashes.length).toBeLessThanOrEqual(1);
        await expectConsistent(redis.connection, PREFIX, anAccount(writer));
      }
    },
    START_TIMEOUT_MS,
  );
});

describe('a service that starts on a Redis', () => {
  /** `note`: a key that is there before. */
  async function startOn(config: readonly string[], note = 'other'): Promise<{ problem: unknown; log: MemoryLog }> {
    const server = await startRedis({ config });
    await server.client.set(note, 'of a backup');
    const log = new MemoryLog();
    const given = { STORAGE_KEY_FILE: 'unused', STORAGE_REDIS_URL: server.url };
    const settings = readConfig(storageSchema, STORAGE_PREFIX, given);
    try {
      const client = await RedisProvider.useFactory(settings, log, new Readiness());
      client.disconnect();
      return { problem: null, log };
    } catch (cause) {
      return { problem: cause, log };
    } finally {
      await server.stop();
    }
  }

  it.each([
    [
      'without an append-only file',
      ['appendonly no'],
      'a restart of Redis loses messages that were acknowledged; set appendonly yes',
    ],
    [
      'that syncs every second',
      ['appendfsync everysec'],
      'a loss of power loses up to a second of acknowledged messages; set appendfsync always',
    ],
    [
      'that never syncs',
      ['appendfsync no'],
      'a loss of power loses half a minute of acknowledged messages or more; set appendfsync always',
    ],
    [
      'whose settings it may not read',
      ['user default on nopass ~* &* +@all -config'],
      'its settings cannot be read; acknowledged messages survive a loss of power only with appendfsync always',
    ],
  ])(
    '%s says what may be lost',
    async (_what, config, reason) => {
      const { problem, log } = await startOn(config);
      expect(problem).toBeNull();
      expect(log.lines).toEqual([{ level: 'warn', event: 'redis_not_durable', fields: { reason } }]);
    },
    START_TIMEOUT_MS,
  );

  it(
    'that keeps slow commands says what is in them',
    async () => {
      const { problem, log } = await startOn(['slowlog-log-slower-than 10000']);
      expect(problem).toBeNull();
      const reason = 'its slow log keeps commands as they came, with accounts in them; set slowlog-log-slower-than -1';
      expect(log.lines).toEqual([{ level: 'warn', event: 'redis_keeps_commands', fields: { reason } }]);
    },
    START_TIMEOUT_MS,
  );

  it(
    'that syncs always, evicts nothing and keeps no commands has nothing to say',
    async () => {
      const { problem, log } = await startOn([]);
      expect({ problem, lines: log.lines }).toEqual({ problem: null, lines: [] });
    },
    START_TIMEOUT_MS,
  );

  it(
    'into which a backup was restored in part does not start, and is told to go on with that',
    async () => {
      expect((await startOn([], 'starling:restoring')).problem).toMatchObject({
        message:
          'Redis holds a backup that has not been restored to its end; restore the same backup again: starling restore FILE',
      });
    },
    START_TIMEOUT_MS,
  );

  it.each(['allkeys-lru', 'volatile-ttl'])(
    'that evicts by %s does not start, and is told what to set',
    async (policy) => {
      expect((await startOn([`maxmemory-policy ${policy}`])).problem).toMatchObject({
        message: `Redis may evict messages (maxmemory-policy ${policy}); set maxmemory-policy noeviction`,
      });
    },
    START_TIMEOUT_MS,
  );
});
