import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, faultFields, Log, Readiness, Rounds } from '#platform';
import { ListRefused } from '#protocol';
import { Membership } from '../membership/membership.js';
import type { SwarmManagerConfig } from '../swarm-manager.config.js';
import { SwarmManagerMetrics } from '../swarm-manager.metrics.js';
import { ListUnavailable, readListSource } from './list-source.js';

/** Reads the list again and again. Whatever is wrong with it, the last good one stays; each problem is said once. */
@Injectable()
export class ListPoll implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #rounds = new Rounds(() => this.#poll());
  #hasRead: () => void = () => undefined;
  /** Settles when the list was read for the first time, whatever came of it. */
  readonly firstRead = new Promise<void>((resolve) => (this.#hasRead = resolve));
  #lastText = '';
  #lastProblem = '';

  constructor(
    @Inject(Membership) private readonly membership: Membership,
    @Inject(CONFIG) private readonly config: SwarmManagerConfig,
    @Inject(Log) private readonly log: Log,
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(SwarmManagerMetrics) private readonly metrics: SwarmManagerMetrics,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.#showReadiness('no node list has been accepted yet');
    this.#rounds.begin(await this.#poll());
    this.#hasRead();
  }

  onModuleDestroy(): void {
    void this.#rounds.end(); // a source that hangs is not waited for
  }

  /** Why the list that is there now is not taken, for the operator; null when it is. */
  get problem(): string | null {
    return this.#lastProblem === '' ? null : this.#lastProblem;
  }

  async #poll(): Promise<number> {
    try {
      const text = await readListSource(this.config.SWARM_MANAGER_LIST);
      if (text !== this.#lastText) {
        await this.membership.offer(text);
        this.#lastText = text;
      }
      this.#lastProblem = '';
      this.metrics.listRead('ok');
      this.readiness.set('list', null);
    } catch (cause) {
      this.#refused(cause);
    }
    return this.config.SWARM_MANAGER_LIST_POLL_MS;
  }

  #refused(cause: unknown): void {
    const isExpected = cause instanceof ListRefused || cause instanceof ListUnavailable;
    const problem = isExpected ? cause.message : 'reading the list failed';
    this.metrics.listRead(cause instanceof ListRefused ? 'refused' : 'unavailable');
    if (!isExpected) this.log.error('list_failed', faultFields(cause));
    else if (problem !== this.#lastProblem) this.log.warn('list_not_accepted', { reason: nameless(problem) });
    this.#lastProblem = problem;
    this.#showReadiness(problem);
  }

  /** A node with an older list works on; without any it cannot. */
  #showReadiness(problem: string): void {
    this.readiness.set('list', this.membership.current === null ? problem : null);
  }
}

/** Logs name no key and no address; the status page has the whole sentence. */
const nameless = (sentence: string): string =>
  sentence.replace(/\b[0-9a-f]{64}\b/g, '(a key)').replace(/\b\d+(?:\.\d+){3}(?::\d+)?\b/g, '(an address)');
