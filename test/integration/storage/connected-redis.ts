import { afterAll, beforeAll } from '@jest/globals';
import type { Redis } from 'ioredis';
import { connectRedis } from '#platform';
import { startRedis, type RedisOptions, type TestRedis } from '#testing';
import { RedisMailboxes } from '../../../apps/storage/src/mailbox/redis-mailboxes.js';
import { FixedShares } from './fixed-shares.js';

const START_TIMEOUT_MS = 60_000;
/** Of the keys of its mailboxes. */
export const PREFIX = 'node.1';

interface Started {
  readonly server: TestRedis;
  readonly connection: Redis;
  readonly mailboxes: RedisMailboxes;
}

/** A Redis for the tests of one suite, which makes this inside `describe`, with what storage has in it. */
export class ConnectedRedis {
  #started: Started | undefined;

  constructor(options: RedisOptions = {}) {
    beforeAll(async () => {
      const server = await startRedis(options);
      const connection = await connectRedis({ url: server.url, name: 'test' });
      this.#started = { server, connection, mailboxes: new RedisMailboxes(connection, PREFIX, new FixedShares()) };
    }, START_TIMEOUT_MS);
    afterAll(async () => {
      this.#started?.connection.disconnect();
      await this.#started?.server.stop();
    });
  }

  get server(): TestRedis {
    return this.#it.server;
  }

  get connection(): Redis {
    return this.#it.connection;
  }

  get mailboxes(): RedisMailboxes {
    return this.#it.mailboxes;
  }

  get #it(): Started {
    if (this.#started === undefined) throw new Error('Redis did not start');
    return this.#started;
  }
}
