import type { MonitorGrant } from '#contracts';
import type { Clock } from '#platform';
import { encodeNotification, STREAM_TEXTS, type MessagePart, type Notification } from '#protocol';
import type { StreamLimits } from '../stream-limits.js';
import type { StreamMetrics } from '../stream.metrics.js';
import type { ShardFeed } from './shard-feed.js';

/** A look at all that there may be takes some 10 ms. */
const SWEEP_EVERY_MS = 60_000;

/** Whom new messages are pushed to. */
export interface Subscriber {
  /** False when it cannot be sent. */
  push(message: readonly MessagePart[]): boolean;
}

interface Subscription {
  readonly subscriber: Subscriber;
  namespaces: readonly number[];
  wantsData: boolean;
  endsAtMs: number;
}

/** Who watches which account, in this process. docs/protocol/stream.md §5 */
export class Subscriptions {
  /** By the bytes of the account as Latin-1 text. */
  readonly #watched = new Map<string, Subscription[]>();
  readonly #accountsOf = new Map<Subscriber, Set<string>>();
  #count = 0;
  #sweepAtMs = 0;

  constructor(
    private readonly feed: ShardFeed,
    private readonly clock: Clock,
    private readonly limits: StreamLimits,
    private readonly metrics: StreamMetrics,
  ) {
    feed.onMessage((message) => this.#tell(message));
  }

  get size(): number {
    return this.#count;
  }

  countOf(subscriber: Subscriber): number {
    return this.#accountsOf.get(subscriber)?.size ?? 0;
  }

  /** Adds all of them, or none when there is no room; those that are there already are renewed and widened. */
  add(subscriber: Subscriber, grants: readonly MonitorGrant[]): boolean {
    const named = new Map(grants.map((grant) => [nameOf(grant.account), grant]));
    const own = this.#accountsOf.get(subscriber) ?? new Set();
    const added = [...named.keys()].filter((name) => !own.has(name)).length;
    const { subscriptions, allSubscriptions } = this.limits;
    if (own.size + added > subscriptions || this.#count + added > allSubscriptions) return false;
    this.#accountsOf.set(subscriber, own);
    for (const grant of grants) this.#addOne(subscriber, own, grant); // not by name: two of one account add up
    return true;
  }

  /** Forgets whoever has gone. */
  drop(subscriber: Subscriber): void {
    for (const name of this.#accountsOf.get(subscriber) ?? [])
      this.#remove(name, (each) => each.subscriber === subscriber);
    this.#accountsOf.delete(subscriber);
  }

  /** Forgets what has ended, when it is time to look. Nobody is told of anything by what has ended, forgotten or not. */
  sweep(): void {
    const nowMs = this.clock.monotonicMs();
    if (nowMs < this.#sweepAtMs) return;
    this.#sweepAtMs = nowMs + SWEEP_EVERY_MS;
    for (const name of this.#watched.keys()) this.#remove(name, ({ endsAtMs }) => endsAtMs <= nowMs);
  }

  #addOne(subscriber: Subscriber, own: Set<string>, { account, namespaces, wantsData }: MonitorGrant): void {
    const name = nameOf(account);
    const endsAtMs = this.clock.monotonicMs() + this.limits.subscriptionMs;
    const there = this.#watched.get(name) ?? [];
    const known = there.find((each) => each.subscriber === subscriber);
    if (known !== undefined) {
      known.namespaces = [...new Set([...known.namespaces, ...namespaces])];
      known.wantsData ||= wantsData;
      known.endsAtMs = endsAtMs;
      return;
    }
    there.push({ subscriber, namespaces, wantsData, endsAtMs });
    this.#watched.set(name, there);
    own.add(name);
    this.#count += 1;
    this.feed.listen(account);
  }

  #remove(name: string, isGone: (subscription: Subscription) => boolean): void {
    const there = this.#watched.get(name) ?? [];
    if (!there.some(isGone)) return;
    const gone = there.filter(isGone);
    for (const { subscriber } of gone) {
      this.#accountsOf.get(subscriber)?.delete(name);
      this.feed.ignore(Buffer.from(name, 'latin1'));
    }
    this.#count -= gone.length;
    const left = there.filter((each) => !isGone(each));
    if (left.length === 0) this.#watched.delete(name);
    else this.#watched.set(name, left);
  }

  #tell(message: Notification): void {
    const nowMs = this.clock.monotonicMs();
    const wanting = (this.#watched.get(nameOf(message.account)) ?? []).filter(
      ({ endsAtMs, namespaces }) => endsAtMs > nowMs && namespaces.includes(message.namespace),
    );
    const short = lazily(() => encodeNotification({ ...message, data: null }));
    const whole = lazily(() => encodeNotification(message));
    for (const { subscriber, wantsData } of wanting) {
      const isSent = subscriber.push([STREAM_TEXTS.notify, wantsData ? whole() : short()]);
      this.metrics.pushed(isSent ? 'sent' : 'lost');
    }
  }
}

const nameOf = (account: Uint8Array): string => Buffer.from(account).toString('latin1');

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
