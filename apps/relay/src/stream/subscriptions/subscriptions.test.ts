import { beforeEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { encodeNewMessage, newMessageShard, newMessageSubject } from '#contracts';
import { Bus } from '#platform';
import { noblePrimitives, parseNotification, type MessagePart, type Notification } from '#protocol';
import { SetClock } from '#testing';
import { Backlog } from '../backlog.js';
import { streamLimits } from '../stream-limits.js';
import { StreamMetrics } from '../stream.metrics.js';
import { ShardFeed } from './shard-feed.js';
import { Subscriptions } from './subscriptions.js';

const MINUTE_MS = 60_000;

/** Delivers at once to whoever listens. */
class LocalBus extends Bus {
  readonly listeners = new Map<string, (data: Uint8Array) => void>();
  readonly connected = true;
  request(): Promise<Uint8Array> {
    return Promise.reject(new Error('not expected here'));
  }
  publish(subject: string, data: Uint8Array): void {
    this.listeners.get(subject)?.(data);
  }
  subscribe(subject: string, handler: (data: Uint8Array) => void): () => void {
    expect(this.listeners.has(subject)).toBe(false);
    this.listeners.set(subject, handler);
    return () => this.listeners.delete(subject);
  }
  flushed(): Promise<boolean> {
    return Promise.resolve(true);
  }
  onConnected(): () => void {
    return () => undefined;
  }
}

class Listener {
  readonly heard: (Notification | null)[] = [];
  isThere = true;
  push(message: readonly MessagePart[]): boolean {
    if (!this.isThere) return false;
    expect(message[0]).toBe('notify.message');
    this.heard.push(parseNotification(message[1] as Uint8Array));
    return true;
  }
}

const account = (byte: number): Uint8Array => new Uint8Array(33).fill(byte);
const grant = (byte: number, namespaces: number[], wantsData = false) => ({
  account: account(byte),
  namespaces,
  wantsData,
});

describe('subscriptions', () => {
  let clock: SetClock;
  let bus: LocalBus;
  let registry: Registry;
  let subscriptions: Subscriptions;
  let one: Listener;
  let other: Listener;
  beforeEach(() => {
    clock = new SetClock();
    bus = new LocalBus();
    registry = new Registry();
    const metrics = new StreamMetrics(registry, new Backlog(1));
    const feed = new ShardFeed(bus, noblePrimitives);
    subscriptions = new Subscriptions(feed, clock, { ...streamLimits, subscriptions: 3, allSubscriptions: 4 }, metrics);
    [one, other] = [new Listener(), new Listener()];
  });

  const store = (byte: number, namespace: number, data: Uint8Array | null = Uint8Array.of(1)): void => {
    const message = { account: account(byte), namespace, hash: 'h'.repeat(43), timestampMs: 1, expiryMs: 2, data };
    bus.publish(newMessageSubject(newMessageShard(noblePrimitives, message.account)), encodeNewMessage(message));
  };
  const heardBy = (listener: Listener) =>
    listener.heard.splice(0).map((each) => [each?.namespace, each?.data?.length ?? 0]);

  it('tell each subscriber once, of its namespaces, with data only when it wants them', () => {
    subscriptions.add(one, [grant(1, [-5, 0])]);
    subscriptions.add(other, [grant(1, [0, 7], true)]);
    for (const namespace of [-5, 0, 7, 8]) store(1, namespace);
    store(2, 0);
    expect(heardBy(one)).toEqual([
      [-5, 0],
      [0, 0],
    ]);
    expect(heardBy(other)).toEqual([
      [0, 1],
      [7, 1],
    ]);
  });

  it('tell without data when there are none, whoever wants them', () => {
    subscriptions.add(one, [grant(1, [0], true)]);
    store(1, 0, null);
    expect(heardBy(one)).toEqual([[0, 0]]);
  });

  it('are widened by another one for the same account, which never takes anything away', () => {
    subscriptions.add(one, [grant(1, [0]), grant(1, [3], true)]);
    subscriptions.add(one, [grant(1, [5])]);
    expect([subscriptions.size, subscriptions.countOf(one)]).toEqual([1, 1]);
    for (const namespace of [0, 3, 5]) store(1, namespace);
    expect(heardBy(one)).toEqual([
      [0, 1],
      [3, 1],
      [5, 1],
    ]);
  });

  it('268: end 65 minutes after the last renewal', () => {
    subscriptions.add(one, [grant(1, [0])]);
    clock.ms += 64 * MINUTE_MS;
    store(1, 0);
    subscriptions.add(one, [grant(1, [0])]);
    clock.ms += 65 * MINUTE_MS - 1;
    store(1, 0);
    expect(heardBy(one)).toHaveLength(2);
    clock.ms += 1;
    store(1, 0);
    expect(heardBy(one)).toEqual([]);
    expect(subscriptions.size).toBe(1);
    subscriptions.sweep();
    expect([subscriptions.size, subscriptions.countOf(one), bus.listeners.size]).toEqual([0, 0, 0]);
  });

  it('are added all or not at all, within the bounds of a connection and of the process', () => {
    expect(
      subscriptions.add(
        one,
        [1, 2, 3, 4].map((byte) => grant(byte, [0])),
      ),
    ).toBe(false);
    expect([subscriptions.size, bus.listeners.size]).toEqual([0, 0]);
    expect(
      subscriptions.add(
        one,
        [1, 2, 3, 3].map((byte) => grant(byte, [0])),
      ),
    ).toBe(true);
    expect(subscriptions.add(one, [grant(3, [1]), grant(4, [0])])).toBe(false);
    expect(subscriptions.add(one, [grant(3, [1])])).toBe(true);
    expect(subscriptions.add(other, [grant(1, [0]), grant(2, [0])])).toBe(false);
    expect(subscriptions.add(other, [grant(1, [0])])).toBe(true);
    expect(subscriptions.size).toBe(4);
  });

  it('are forgotten with their subscriber, and the shard with the last of them', () => {
    subscriptions.add(one, [grant(1, [0]), grant(2, [0])]);
    subscriptions.add(other, [grant(1, [0])]);
    subscriptions.drop(one);
    store(1, 0);
    expect([heardBy(one).length, heardBy(other).length, bus.listeners.size]).toEqual([0, 1, 1]);
    subscriptions.drop(other);
    subscriptions.drop(other);
    expect([subscriptions.size, bus.listeners.size]).toEqual([0, 0]);
  });

  it('count what was pushed and what was not', async () => {
    subscriptions.add(one, [grant(1, [0])]);
    subscriptions.add(other, [grant(1, [0])]);
    other.isThere = false;
    store(1, 0);
    const text = await registry.metrics();
    expect(text).toMatch(/^relay_stream_pushes_total\{outcome="sent"\} 1$/m);
    expect(text).toMatch(/^relay_stream_pushes_total\{outcome="lost"\} 1$/m);
  });
});
