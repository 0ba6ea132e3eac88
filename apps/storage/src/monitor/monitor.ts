import { Inject, Injectable } from '@nestjs/common';
import type { MonitorGrant } from '#contracts';
import { PRIMITIVES } from '#platform';
import {
  authorizeMonitor,
  MONITOR_ERRORS,
  MonitorRefusal,
  parseMonitorRequest,
  TEXTS,
  WrongSwarm,
  type BValue,
  type MonitorRequest,
  type Primitives,
} from '#protocol';
import { Access, type Admitted } from '../access/access.js';
import { StorageMetrics } from '../storage.metrics.js';
import { Watchers } from './watchers.js';

/** Judged at a time: three milliseconds of signatures, after which others have their turn. */
const STEP = 64;

/** What became of the subscriptions of one call, in their order; null: granted. */
export interface MonitorOutcome {
  readonly outcomes: readonly (MonitorRefusal | null)[];
  readonly grants: readonly MonitorGrant[];
}

/** Judges subscriptions and notes the accounts that are watched. docs/protocol/storage-rpc.md §10 */
@Injectable()
export class Monitor {
  constructor(
    @Inject(Access) private readonly access: Access,
    @Inject(Watchers) private readonly watchers: Watchers,
    @Inject(PRIMITIVES) private readonly primitives: Primitives,
    @Inject(StorageMetrics) private readonly metrics: StorageMetrics,
  ) {}

  /** Throws RedisUnavailable or MailboxFull: what cannot be noted is not granted. */
  async subscribe(dicts: readonly ReadonlyMap<string, BValue>[]): Promise<MonitorOutcome> {
    const results: (MonitorRequest | MonitorRefusal)[] = [];
    for (let from = 0; from < dicts.length; from += STEP) {
      results.push(...(await Promise.all(dicts.slice(from, from + STEP).map((dict) => this.#judge(dict)))));
    }
    for (const result of results) this.metrics.monitored(result instanceof MonitorRefusal ? 'refused' : 'granted');
    return {
      outcomes: results.map((result) => (result instanceof MonitorRefusal ? result : null)),
      grants: results.flatMap((result) => (result instanceof MonitorRefusal ? [] : [grantOf(result)])),
    };
  }

  async #judge(dict: ReadonlyMap<string, BValue>): Promise<MonitorRequest | MonitorRefusal> {
    try {
      const request = parseMonitorRequest(this.primitives, dict);
      const { at } = await this.#admit(request);
      authorizeMonitor(this.primitives, request, at);
      await this.watchers.note(request.account, request.wantsData ? 'with_data' : 'without_data');
      return request;
    } catch (cause) {
      if (cause instanceof MonitorRefusal) return cause;
      throw cause;
    }
  }

  /** Another swarm is an error of its own here, without the way there. */
  async #admit(request: MonitorRequest): Promise<Admitted> {
    try {
      return await this.access.admit(request, false);
    } catch (cause) {
      if (!(cause instanceof WrongSwarm)) throw cause;
      throw new MonitorRefusal(MONITOR_ERRORS.wrongSwarm, TEXTS.monitor.wrongSwarm);
    }
  }
}

const grantOf = ({ account, wantsData, namespaces }: MonitorRequest): MonitorGrant => ({
  account: account.bytes,
  wantsData,
  namespaces,
});
