import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Redis } from 'ioredis';
import {
  asRedisProblem,
  CONFIG,
  faultFields,
  Log,
  mastersOf,
  RedisUnavailable,
  Rounds,
  type RedisClient,
} from '#platform';
import { REDIS } from '../redis/redis.provider.js';
import type { StorageConfig } from '../storage.config.js';
import { StorageMetrics } from '../storage.metrics.js';

/** A flood at the full speed of one node fills less than a hundredth of a small Redis in this time. */
const LOOK_AGAIN_MS = 1_000;

/** How much of the memory that Redis may use is used. */
@Injectable()
export class MemoryWatch implements OnApplicationBootstrap, OnModuleDestroy {
  #isNearlyFull = false;
  readonly #rounds = new Rounds(() => this.#watch());

  constructor(
    @Inject(REDIS) private readonly redis: RedisClient,
    @Inject(CONFIG) private readonly config: StorageConfig,
    @Inject(StorageMetrics) private readonly metrics: StorageMetrics,
    @Inject(Log) private readonly log: Log,
  ) {}

  /** Above the watermark; false where Redis has no limit or the watermark is off. */
  get isNearlyFull(): boolean {
    return this.#isNearlyFull;
  }

  async onApplicationBootstrap(): Promise<void> {
    this.#rounds.begin(await this.#watch());
  }

  onModuleDestroy(): Promise<void> {
    return this.#rounds.end();
  }

  /** Of the fullest server counts. Throws RedisUnavailable; what was known then stands. */
  async look(): Promise<void> {
    const servers = await Promise.all(mastersOf(this.redis).map(memoryOf));
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
    this.metrics.redisMemory(sum(servers.map(({ used }) => used)), sum(servers.map(({ limit }) => limit)));
    const share = Math.max(...servers.map(({ used, limit }) => (limit === 0 ? 0 : used / limit)));
    const watermark = this.config.STORAGE_INBOX_WATERMARK_PERCENT / 100;
    const isNearlyFull = watermark > 0 && share >= watermark;
    if (isNearlyFull !== this.#isNearlyFull) {
      const reason = isNearlyFull ? 'Redis is nearly full' : 'Redis has room again';
      this.log.warn(isNearlyFull ? 'inboxes_stand_back' : 'inboxes_open_again', { reason });
    }
    this.#isNearlyFull = isNearlyFull;
  }

  async #watch(): Promise<number> {
    try {
      await this.look();
    } catch (cause) {
      if (!(cause instanceof RedisUnavailable)) this.log.error('memory_watch_failed', faultFields(cause));
    }
    return LOOK_AGAIN_MS;
  }
}

async function memoryOf(server: Redis): Promise<{ used: number; limit: number }> {
  try {
    const info = await server.info('memory');
    const of = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
    return { used: of('used_memory'), limit: of('maxmemory') };
  } catch (cause) {
    throw asRedisProblem(cause);
  }
}
