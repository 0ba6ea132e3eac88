import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import fc from 'fast-check';
import { AccountId, type ExpiryMode, type NamespaceScope, type PageLimits } from '#protocol';
import { MailboxFull, type MessageName, type NewMessage } from '../../../apps/storage/src/mailbox/mailboxes.js';
import type { RedisMailboxes } from '../../../apps/storage/src/mailbox/redis-mailboxes.js';
import { FixedShares } from './fixed-shares.js';
import type { MailboxModel } from './mailbox-model.js';

export const ALICE = AccountId.parse(`05${'a1'.repeat(32)}`);
/** One namespace of each kind of order, and the outbox. */
const NAMESPACES = [0, -10, 5] as const;
const OUTBOX = 5;

/** Few messages, so that they meet again; a message belongs to one namespace, as its hash covers that. */
const slot = fc.record({ number: fc.integer({ min: 0, max: 7 }), namespace: fc.constantFrom(...NAMESPACES) });
export type Slot = typeof slot extends fc.Arbitrary<infer T> ? T : never;
const hashOf = ({ number, namespace }: Slot): string =>
  createHash('sha256').update(`${namespace} ${number}`).digest('base64').slice(0, -1);

const limits: fc.Arbitrary<PageLimits> = fc.record({
  maxMessages: fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }),
  maxCost: fc.integer({ min: 1, max: 2_000 }),
});

const scope = fc.constantFrom<NamespaceScope>(...NAMESPACES, 'all');

/** Times are minutes from the moment. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('store' as const), slot, minutes: fc.integer({ min: 1, max: 30 }) }),
  fc.record({
    kind: fc.constant('put' as const),
    slot,
    minutes: fc.integer({ min: 0, max: 30 }),
    ageMinutes: fc.integer({ min: 0, max: 3 }),
  }),
  fc.record({ kind: fc.constant('page' as const), after: fc.option(slot, { nil: null }), limits, at: slot }),
  fc.record({ kind: fc.constant('delete' as const), slots: fc.array(slot, { minLength: 1, maxLength: 4 }) }),
  fc.record({
    kind: fc.constant('deleteMany' as const),
    scope,
    beforeMinutes: fc.option(fc.integer({ min: -20, max: 0 }), { nil: null }),
  }),
  fc.record({
    kind: fc.constant('changeExpiries' as const),
    mode: fc.constantFrom<ExpiryMode>('set', 'extend', 'shorten'),
    changes: fc.array(fc.tuple(slot, fc.integer({ min: 0, max: 40 })), { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant('shortenMany' as const), scope, minutes: fc.integer({ min: 0, max: 30 }) }),
  fc.record({ kind: fc.constant('expiries' as const), slots: fc.array(slot, { minLength: 1, maxLength: 4 }) }),
  fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 10 }) }),
  fc.record({ kind: fc.constant('purge' as const) }),
);
/** None, and one that a story reaches by messages or by bytes. */
export const shares = fc.constantFrom(new FixedShares(), new FixedShares(4, 1_500));
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

export const steps = fc.array(step, { minLength: 1, maxLength: 40 });

/** Plays a story on a mailbox and on the model, and expects the same answers. */
export class Comparison {
  /** Redis ends keys by its own clock: the story plays in the present and goes into the future. */
  #nowMs = Date.now();

  constructor(
    private readonly mailboxes: RedisMailboxes,
    private readonly model: MailboxModel,
    private readonly inspect: () => Promise<void>,
  ) {}

  async play(steps: readonly Step[]): Promise<void> {
    for (const each of steps) {
      await this.#step(each);
      await this.inspect();
    }
  }

  async #step(action: Step): Promise<void> {
    switch (action.kind) {
      case 'store': {
        const message = this.#message(action.slot, action.minutes);
        const outcome = await this.mailboxes.store(ALICE, message, this.#nowMs).catch(full);
        expect(outcome).toEqual(this.model.store(message, this.#nowMs));
        break;
      }
      case 'put': {
        const message = { ...this.#message(action.slot, action.minutes), timestampMs: this.#in(-action.ageMinutes) };
        const outcome = await this.mailboxes.put(ALICE, message, this.#nowMs).catch(full);
        expect(outcome).toEqual(this.model.put(message, this.#nowMs));
        break;
      }
      case 'page': {
        const after = action.after === null ? null : hashOf(action.after);
        const { namespace } = action.at;
        const { messages, more } = await this.mailboxes.page(ALICE, namespace, after, action.limits, this.#nowMs);
        const hashes = messages.map(({ hash }) => hash);
        expect({ hashes, more }).toEqual(this.model.page(namespace, after, action.limits, this.#nowMs));
        break;
      }
      case 'delete': {
        const hashes = action.slots.map(hashOf);
        const deleted = await this.mailboxes.delete(ALICE, hashes, this.#nowMs);
        expect(deleted.sort()).toEqual(this.model.delete(hashes, this.#nowMs).sort());
        break;
      }
      case 'deleteMany': {
        const beforeMs = action.beforeMinutes === null ? null : this.#in(action.beforeMinutes);
        const deleted = await this.mailboxes.deleteMany(ALICE, action.scope, beforeMs, this.#nowMs);
        expect(sorted(deleted)).toEqual(sorted(this.model.deleteMany(action.scope, beforeMs, this.#nowMs)));
        break;
      }
      case 'changeExpiries': {
        const changes = action.changes.map(([at, minutes]) => ({ hash: hashOf(at), expiryMs: this.#in(minutes) }));
        const outcomes = await this.mailboxes.changeExpiries(ALICE, changes, action.mode, this.#nowMs);
        expect(outcomes).toEqual(this.model.changeExpiries(changes, action.mode, this.#nowMs));
        break;
      }
      case 'shortenMany': {
        const [expiryMs, nowMs] = [this.#in(action.minutes), this.#nowMs];
        const shortened = await this.mailboxes.shortenMany(ALICE, action.scope, expiryMs, nowMs);
        expect(sorted(shortened)).toEqual(sorted(this.model.shortenMany(action.scope, expiryMs, nowMs)));
        break;
      }
      case 'expiries': {
        const hashes = action.slots.map(hashOf);
        const found = await this.mailboxes.expiries(ALICE, hashes, this.#nowMs);
        expect(found).toEqual(this.model.expiries(hashes, this.#nowMs));
        break;
      }
      case 'wait':
        this.#nowMs = this.#in(action.minutes);
        break;
      case 'purge':
        await this.mailboxes.purge(this.#nowMs); // nobody may see a difference afterwards
    }
  }

  #in(minutes: number): number {
    return this.#nowMs + minutes * 60_000;
  }

  #message(at: Slot, minutes: number): NewMessage {
    return aMessage(at, this.#nowMs, this.#in(minutes));
  }
}

export function aMessage(at: Slot, nowMs: number, expiryMs: number): NewMessage {
  const { namespace, number } = at;
  return {
    hash: hashOf(at),
    namespace,
    timestampMs: nowMs,
    expiryMs,
    data: Buffer.alloc(number * 100, number),
    replaces: namespace === OUTBOX,
  };
}

function full(cause: unknown): 'full' {
  if (cause instanceof MailboxFull && cause.reason === 'owner') return 'full';
  throw cause;
}

const sorted = (names: readonly MessageName[]): string[] =>
  names.map(({ hash, namespace }) => `${namespace} ${hash}`).sort();
