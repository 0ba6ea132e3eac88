import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const STORE_OUTCOMES = ['new', 'held', 'full_redis', 'full_owner', 'full_inboxes', 'unavailable'] as const;
const FORWARD_OUTCOMES = ['done', 'refused', 'timeout', 'unreachable', 'not_asked', 'unreadable'] as const;
const MONITOR_OUTCOMES = ['granted', 'refused'] as const;
const AUDIT_OUTCOMES = ['sound', 'mended', 'dropped'] as const;
type AuditOutcomeLabel = (typeof AUDIT_OUTCOMES)[number];
type StoreOutcomeLabel = (typeof STORE_OUTCOMES)[number];
type ForwardOutcomeLabel = (typeof FORWARD_OUTCOMES)[number];

/** Everything this service counts. No label ever holds an account, an address or a message hash. */
@Injectable()
export class StorageMetrics {
  readonly #stores: Counter<'outcome'>;
  readonly #forwards: Counter<'outcome'>;
  readonly #monitors: Counter<'outcome'>;
  readonly #told: Counter;
  readonly #purged: Counter;
  readonly #audited: Counter<'outcome'>;
  readonly #handling: Histogram<'method' | 'status'>;
  readonly #members: Gauge;
  readonly #memory: Gauge<'what'>;

  constructor(@Inject(Registry) registry: Registry) {
    const registers = [registry];
    this.#stores = new Counter({
      name: 'storage_stores_total',
      help: 'Messages to keep, by what became of them here: new, held already, refused in three kinds of fullness, Redis away',
      labelNames: ['outcome'],
      registers,
    });
    this.#forwards = new Counter({
      name: 'storage_forwards_total',
      help: 'Requests passed on to another member, by its answer',
      labelNames: ['outcome'],
      registers,
    });
    this.#monitors = new Counter({
      name: 'storage_monitor_total',
      help: 'Subscriptions to new messages that were asked for, by what became of them',
      labelNames: ['outcome'],
      registers,
    });
    this.#told = new Counter({
      name: 'storage_told_total',
      help: 'New messages that the relays were told of, since somebody watches for them',
      registers,
    });
    this.#purged = new Counter({ name: 'storage_purged_total', help: 'Expired messages freed', registers });
    this.#audited = new Counter({
      name: 'storage_audited_total',
      help: 'Stored messages whose hash was computed again, by what was found and done',
      labelNames: ['outcome'],
      registers,
    });
    this.#handling = new Histogram({
      name: 'storage_handling_seconds',
      help: 'Time from a parsed request to its reply, the other members included',
      labelNames: ['method', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    });
    this.#members = new Gauge({
      name: 'storage_swarm_members',
      help: 'Members of our swarm, ourselves included',
      registers,
    });
    this.#memory = new Gauge({
      name: 'storage_redis_memory_bytes',
      help: 'Memory of Redis: used, and the limit (0 for none)',
      labelNames: ['what'],
      registers,
    });
    for (const outcome of STORE_OUTCOMES) this.#stores.inc({ outcome }, 0); // a first scrape lacks no series
    for (const outcome of AUDIT_OUTCOMES) this.#audited.inc({ outcome }, 0);
    for (const outcome of FORWARD_OUTCOMES) this.#forwards.inc({ outcome }, 0);
    for (const outcome of MONITOR_OUTCOMES) this.#monitors.inc({ outcome }, 0);
  }

  stored(outcome: StoreOutcomeLabel): void {
    this.#stores.inc({ outcome });
  }

  forwarded(outcome: ForwardOutcomeLabel): void {
    this.#forwards.inc({ outcome });
  }

  monitored(outcome: (typeof MONITOR_OUTCOMES)[number]): void {
    this.#monitors.inc({ outcome });
  }

  told(): void {
    this.#told.inc();
  }

  audited(outcome: AuditOutcomeLabel): void {
    this.#audited.inc({ outcome });
  }

  purged(messages: number): void {
    this.#purged.inc(messages);
  }

  /** `method` is one that the table knows. */
  handled(method: string, status: number, ms: number): void {
    this.#handling.observe({ method, status: String(status) }, ms / 1_000);
  }

  redisMemory(used: number, limit: number): void {
    this.#memory.set({ what: 'used' }, used);
    this.#memory.set({ what: 'limit' }, limit);
  }

  swarmOf(members: number): void {
    this.#members.set(members);
  }
}
