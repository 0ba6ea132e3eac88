import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { noblePrimitives } from '#protocol';
import { ContractError } from './contract-error.js';
import { decodeMonitorAnswer, decodeMonitorAsk, encodeMonitorAnswer, encodeMonitorAsk } from './monitor-frame.js';
import {
  decodeNewMessage,
  encodeNewMessage,
  NEW_MESSAGE_SHARDS,
  newMessageShard,
  newMessageSubject,
} from './new-message-frame.js';

const bytes = fc.uint8Array({ maxLength: 500 });
const account = fc.uint8Array({ minLength: 33, maxLength: 33 });
const namespace = fc.integer({ min: -32_768, max: 32_767 });
const hash = fc.stringMatching(/^[A-Za-z0-9+/]{43}$/);

/** Every decoder reads any bytes or says that it cannot. */
const reads = (decode: (frame: Uint8Array) => unknown): void =>
  fc.assert(
    fc.property(bytes, fc.boolean(), (noise, isVersioned) => {
      const frame = isVersioned ? Uint8Array.of(1, ...noise) : noise;
      try {
        decode(frame);
      } catch (cause) {
        expect(cause).toBeInstanceOf(ContractError);
      }
    }),
  );

describe('a wish for subscriptions', () => {
  it('reads back what was written', () => {
    const ask = fc.record({ budgetMs: fc.nat(0xffff_ffff), part: bytes });
    fc.assert(fc.property(ask, (value) => expect(decodeMonitorAsk(encodeMonitorAsk(value))).toEqual(value)));
  });

  it.each([[[]], [[3, 0, 0, 0, 0]], [[1, 0, 0, 0]]])('is not %j', (frame) => {
    expect(() => decodeMonitorAsk(Uint8Array.from(frame))).toThrow(ContractError);
  });

  it('is read or refused', () => reads(decodeMonitorAsk));
});

describe('the answer to it', () => {
  const grant = fc.record({ account, wantsData: fc.boolean(), namespaces: fc.array(namespace, { maxLength: 20 }) });
  const answer = fc.record({ status: fc.integer({ min: 100, max: 599 }), reply: bytes, grants: fc.array(grant) });

  it('reads back what was written', () => {
    fc.assert(fc.property(answer, (value) => expect(decodeMonitorAnswer(encodeMonitorAnswer(value))).toEqual(value)));
  });

  it('is refused when something is missing or left over', () => {
    fc.assert(
      fc.property(answer, fc.nat(), (value, cut) => {
        const frame = encodeMonitorAnswer(value);
        expect(() => decodeMonitorAnswer(frame.subarray(0, cut % frame.length))).toThrow(ContractError);
        expect(() => decodeMonitorAnswer(Uint8Array.of(...frame, 0))).toThrow(ContractError);
      }),
    );
  });

  it('is read or refused', () => reads(decodeMonitorAnswer));

  it('has accounts of 33 bytes only', () => {
    const grants = [{ account: new Uint8Array(32), wantsData: true, namespaces: [0] }];
    expect(() => encodeMonitorAnswer({ status: 200, reply: new Uint8Array(), grants })).toThrow(ContractError);
  });
});

describe('a new message', () => {
  const time = fc.maxSafeInteger();
  const message = fc.record({
    account,
    namespace,
    hash,
    timestampMs: time,
    expiryMs: time,
    data: fc.option(bytes, { nil: null }),
  });

  it('reads back what was written', () => {
    fc.assert(fc.property(message, (value) => expect(decodeNewMessage(encodeNewMessage(value))).toEqual(value)));
  });

  it('is read or refused', () => reads(decodeNewMessage));

  it('goes to one of the subjects, which does not name its account', () => {
    fc.assert(
      fc.property(account, (id) => {
        const shard = newMessageShard(noblePrimitives, id);
        expect(shard).toBe(newMessageShard(noblePrimitives, id.slice()));
        expect(shard).toBeGreaterThanOrEqual(0);
        expect(shard).toBeLessThan(NEW_MESSAGE_SHARDS);
        expect(newMessageSubject(shard)).toMatch(/^storage\.new\.\d{1,2}$/);
      }),
      { numRuns: 50 },
    );
  });
});
