import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { NamespaceScope } from '#protocol';
import { SetClock } from '#testing';
import {
  deleteAll,
  deleteBefore,
  expire,
  expireAll,
  getExpiries,
  remove,
  retrieve,
  signedStore,
  type Call,
} from '../../conformance/storage/calls.js';
import { Owner } from '../../conformance/storage/people.js';
import { networkOf, OWN_KEY, OWN_SEED } from './fake-swarm.js';
import { RpcModel } from './rpc-model.js';
import { StorageUnderTest } from './storage-under-test.js';

const START_TIMEOUT_MS = 60_000;
const TEST_TIMEOUT_MS = 120_000;
/** Long stories show what short ones do not: messages that meet again after they were deleted, expired or replaced. */
const RUNS = 12;
const STEPS = 120;
const MINUTE_MS = 60_000;

/** Two inboxes, one private, one outbox. */
const namespace = fc.constantFrom(0, -10, 5, -1);
const scope = fc.oneof(namespace, fc.constant<NamespaceScope>('all'));
/** Few messages, so that they meet again. */
const slot = fc.record({ namespace, text: fc.constantFrom('a', 'b', 'c', 'd', 'e') });
const slots = fc.uniqueArray(slot, { minLength: 1, maxLength: 4, selector: (each) => JSON.stringify(each) });
const minutes = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });

const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('store' as const), slot, life: minutes(1, 30) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('retrieve' as const),
      namespace,
      last: maybe(slot),
      maxCount: maybe(fc.integer({ min: 1, max: 3 })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), slots }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete_all' as const), scope }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete_before' as const), scope, ago: minutes(0, 20) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('expire' as const),
      slots,
      lives: fc.array(minutes(0, 40), { minLength: 4, maxLength: 4 }),
      isEach: fc.boolean(),
      flag: fc.constantFrom('extend' as const, 'shorten' as const, null),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire_all' as const), scope, life: minutes(0, 30) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('get_expiries' as const), slots }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: minutes(1, 10) }) },
);
/** Who does it: the first account or the second. */
const step = fc.record({ who: fc.constantFrom(0 as const, 1 as const), operation });
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Operation = Step['operation'];

/** The end of a story is the state of everything. */
const LOOK: readonly Operation[] = ([0, -10, 5, -1] as const).map((each) => ({
  kind: 'retrieve',
  namespace: each,
  last: null,
  maxCount: null,
}));

const storeOf = (text: 'a' | 'e', life: number): Step => {
  return { who: 1, operation: { kind: 'store', slot: { namespace: 5, text }, life } };
};

/** The second message is gone, purged or not, when the reading starts after it: it starts at the beginning. */
const READ_AFTER_WHAT_EXPIRED: Step[] = [
  storeOf('a', 2),
  storeOf('e', 1),
  { who: 1, operation: { kind: 'wait', minutes: 1 } },
  { who: 1, operation: { kind: 'retrieve', namespace: 5, last: { namespace: 5, text: 'e' }, maxCount: null } },
];

describe('a storage service against a model', () => {
  const clock = new SetClock();
  let service: StorageUnderTest;
  beforeAll(async () => {
    clock.ms = Date.now(); // Redis ends keys by its own clock: the story plays in the present and goes into the future
    service = await StorageUnderTest.start(OWN_SEED, {}, clock);
    await service.publish(networkOf([]));
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    expect(service.log.faults).toEqual([]);
    await service.stop();
  });

  it(
    'answers any sequence of requests of two accounts as the model does',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: STEPS, size: 'max' }), async (steps) => {
          const people = [Owner.plain('03'), Owner.person()].map((owner) => new Comparison(owner, service, clock));
          for (const { who, operation } of steps) await people[who]?.play(operation);
          for (const person of people) for (const look of LOOK) await person.play(look);
        }),
        { numRuns: RUNS, examples: [[READ_AFTER_WHAT_EXPIRED]] },
      );
    },
    TEST_TIMEOUT_MS,
  );
});

class Comparison {
  readonly #model: RpcModel;

  constructor(
    private readonly owner: Owner,
    private readonly service: StorageUnderTest,
    private readonly clock: SetClock,
  ) {
    this.#model = new RpcModel(owner.account);
  }

  async play(operation: Operation): Promise<void> {
    const now = this.clock.ms;
    const model = this.#model;
    const timestamp = now;
    switch (operation.kind) {
      case 'store': {
        const { namespace, text } = operation.slot;
        const expiry = now + operation.life * MINUTE_MS;
        const call = signedStore(this.owner, text, { namespace, timestamp, expiry });
        await this.#expectEntry(call, model.store({ namespace, text, timestamp, expiry }, now));
        break;
      }
      case 'retrieve': {
        const { namespace, maxCount } = operation;
        const last = operation.last === null ? null : model.hash(operation.last);
        const call = retrieve(this.owner, { namespace, timestamp, last_hash: last, max_count: maxCount });
        expect(await this.#ask(call)).toMatchObject(model.retrieve(namespace, last, maxCount, now));
        break;
      }
      case 'delete': {
        const hashes = this.#hashes(operation);
        await this.#expectEntry(remove(this.owner, hashes), model.delete(hashes, now));
        break;
      }
      case 'delete_all': {
        const call = deleteAll(this.owner, { namespace: operation.scope, timestamp });
        await this.#expectEntry(call, model.deleteMany(operation.scope, null, now));
        break;
      }
      case 'delete_before': {
        const before = now - operation.ago * MINUTE_MS;
        const call = deleteBefore(this.owner, { namespace: operation.scope, before });
        await this.#expectEntry(call, model.deleteMany(operation.scope, before, now));
        break;
      }
      case 'expire': {
        const { flag } = operation;
        const hashes = this.#hashes(operation);
        const lives = operation.lives.slice(0, operation.isEach ? hashes.length : 1);
        const expiries = lives.map((life) => now + life * MINUTE_MS);
        const call = expire(this.owner, hashes, expiries, flag === null ? {} : { [flag]: true });
        await this.#expectEntry(call, model.expire(hashes, expiries, flag, now));
        break;
      }
      case 'expire_all': {
        const expiry = now + operation.life * MINUTE_MS;
        const call = expireAll(this.owner, { namespace: operation.scope, expiry });
        await this.#expectEntry(call, model.expireAll(operation.scope, expiry, now));
        break;
      }
      case 'get_expiries': {
        const hashes = this.#hashes(operation);
        expect(await this.#ask(getExpiries(this.owner, hashes, timestamp))).toEqual(model.getExpiries(hashes, now));
        break;
      }
      case 'wait':
        this.clock.ms += operation.minutes * MINUTE_MS;
    }
  }

  #hashes({ slots }: { slots: readonly { namespace: number; text: string }[] }): string[] {
    return slots.map((each) => this.#model.hash(each));
  }

  async #ask({ method, params }: Call): Promise<unknown> {
    const { status, body } = await this.service.call(method, params);
    expect({ method, status }).toEqual({ method, status: 200 });
    return body;
  }

  /** What we say under our own key, besides the signature and the time. */
  async #expectEntry(call: Call, expected: object): Promise<void> {
    const { swarm } = (await this.#ask(call)) as { swarm: Record<string, Record<string, unknown>> };
    const { signature, t: _t, ...entry } = swarm[OWN_KEY.id] ?? {};
    expect(signature).toEqual(expect.any(String));
    expect(entry).toEqual(expected);
  }
}
