import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, faultFields, Log, RedisUnavailable, Rounds } from '#platform';
import type { StorageConfig } from '../storage.config.js';
import { Audit } from './audit.js';

/** Looks are spread over the minute in steps of this. */
const STEP_MS = 1_000;
const STEPS_A_MINUTE = 60;

/** Audits a few messages at a time for ever. */
@Injectable()
export class AuditLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds = new Rounds(() => this.#step());

  constructor(
    @Inject(Audit) private readonly audit: Audit,
    @Inject(CONFIG) private readonly config: StorageConfig,
    @Inject(Log) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.STORAGE_AUDIT_PER_MINUTE > 0) this.#rounds.begin(STEP_MS);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#rounds.end();
  }

  /** One look a step at the slowest pace that is a whole number of them; below, by chance. */
  async #step(): Promise<number> {
    const due = this.config.STORAGE_AUDIT_PER_MINUTE / STEPS_A_MINUTE;
    try {
      await this.audit.look(Math.floor(due + Math.random()));
    } catch (cause) {
      if (!(cause instanceof RedisUnavailable)) this.log.error('audit_failed', faultFields(cause));
    }
    return STEP_MS;
  }
}
