import { describe, expect, it } from '@jest/globals';
import { ContractError } from './contract-error.js';
import {
  decodeNodeStanding,
  decodeRelayReport,
  decodeStandingKnown,
  decodeStandingQuestion,
  encodeNodeStanding,
  encodeRelayReport,
  encodeStandingKnown,
  encodeStandingQuestion,
} from './standing.js';

const INSTANCE = 'ab'.repeat(16);
const surface = { port: 22_021, isReached: true };
const messages = [
  [
    'what a relay reports',
    { testedAgoMs: { public: 12.5, peer: null }, requests: 3, bytesIn: 4, bytesOut: 5 },
    encodeRelayReport,
    decodeRelayReport,
  ],
  [
    'the standing of a node',
    { instance: INSTANCE, clock: { isTrusted: false, isRight: true, judgedAgoMs: null } },
    encodeNodeStanding,
    decodeNodeStanding,
  ],
  [
    'a question of another node',
    { from: 'cd'.repeat(32), instance: INSTANCE },
    encodeStandingQuestion,
    decodeStandingQuestion,
  ],
  [
    'an answer for another node',
    { instance: null, test: { ageMs: 5, ip: '192.0.2.1', public: surface, peer: surface }, otherAgeMs: 7 },
    encodeStandingKnown,
    decodeStandingKnown,
  ],
] as const satisfies readonly (readonly [string, object, unknown, unknown])[];

type Codec = readonly [string, object, (value: object) => Uint8Array, (bytes: Uint8Array) => object];

describe.each(messages as unknown as readonly Codec[])('%s', (_name, message, encode, decode) => {
  const altered = (changes: object): Uint8Array => Buffer.from(JSON.stringify({ contract: 1, ...message, ...changes }));

  it('is read as it was written, and without what a later version says besides', () => {
    expect(decode(encode(message))).toEqual(message);
    expect(decode(altered({ later: true }))).toEqual(message);
  });

  it.each<[string, Uint8Array]>([
    ['bytes that are no text', Uint8Array.of(0xff, 0xfe)],
    ['text that is no JSON', Buffer.from('{')],
    ['another contract', altered({ contract: 3 })],
    ['a message without its members', Buffer.from('{"contract":1}')],
  ])('refuses %s', (_what, bytes) => {
    expect(() => decode(bytes)).toThrow(ContractError);
  });
});

describe('what a relay reports', () => {
  it('has no age below zero', () => {
    const report = { testedAgoMs: { public: -1, peer: null }, requests: 0, bytesIn: 0, bytesOut: 0 };
    expect(() => decodeRelayReport(encodeRelayReport(report))).toThrow(ContractError);
  });
});
