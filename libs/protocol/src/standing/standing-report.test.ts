import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bdecode, bencode } from '../bencode.js';
import {
  decodeStandingAsk,
  decodeStandingReport,
  encodeStandingAsk,
  encodeStandingReport,
  type StandingReport,
} from './standing-report.js';

const INSTANCE = '0123456789abcdef0123456789abcdef';
const full: StandingReport = {
  instance: INSTANCE,
  otherAgeMs: 60_000,
  receivedMs: 1_764_000_000_000,
  sentMs: 1_764_000_000_020,
  observedIp: '192.0.2.7',
  test: {
    ageMs: 12_000,
    ip: '192.0.2.9',
    public: { port: 22_021, isReached: true },
    peer: { port: 22_020, isReached: false },
  },
};
const bare: StandingReport = { ...full, instance: null, otherAgeMs: null, observedIp: null, test: null };

const withMember = (report: StandingReport, name: string, value: Parameters<typeof bencode>[0]): Uint8Array => {
  const members = bdecode(encodeStandingReport(report)) as Map<string, never>;
  return bencode(new Map<string, typeof value>([...members, [name, value]]));
};

describe('a report of the standing of a node', () => {
  it('is read as it was written', () => {
    const ms = fc.integer({ min: 0, max: 2 ** 45 });
    const port = fc.record({ port: fc.integer({ min: 0, max: 65_535 }), isReached: fc.boolean() });
    const reports: fc.Arbitrary<StandingReport> = fc.record({
      instance: fc.option(fc.constant(INSTANCE)),
      otherAgeMs: fc.option(ms),
      receivedMs: ms,
      sentMs: ms,
      observedIp: fc.option(fc.ipV4()),
      test: fc.option(fc.record({ ageMs: ms, ip: fc.ipV4(), public: port, peer: port })),
    });
    fc.assert(
      fc.property(reports, (report) => {
        expect(decodeStandingReport(encodeStandingReport(report))).toEqual(report);
      }),
    );
  });

  it('has these bytes', () => {
    const bytes = encodeStandingReport({ ...full, instance: '61'.repeat(16) });
    expect(Buffer.from(bytes).toString()).toBe(
      'd8:instance16:aaaaaaaaaaaaaaaa5:otheri60000e8:receivedi1764000000000e4:seen9:192.0.2.74:senti1764000000020e' +
        '4:testd3:agei12000e2:ip9:192.0.2.94:peerli22020ei0ee6:publicli22021ei1eeee',
    );
  });

  it('may have members that this version does not know', () => {
    expect(decodeStandingReport(withMember(full, 'zebra', ['new', 1]))).toEqual(full);
  });

  it.each([
    ['a test that lacks a surface', 'test', { age: 1, ip: '192.0.2.9', peer: [1, 1] }],
    ['a test of a nameless place', 'test', { age: 1, ip: '<script>', peer: [1, 1], public: [1, 1] }],
    ['an instance of another length', 'instance', 'short'],
    ['an age below zero', 'other', -1],
    ['an address that is none', 'seen', 'nowhere else'],
    ['an address beyond all length', 'seen', '1'.repeat(46)],
  ])('is read without %s', (_name, member, value) => {
    expect(decodeStandingReport(withMember(bare, member, value))).toEqual(bare);
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['a list', bencode([1])],
    ['no times', bencode({ seen: '192.0.2.7' })],
    ['one time', bencode({ sent: 1 })],
    ['a time beyond all numbers', bencode({ sent: 2n ** 63n, received: 1 })],
    ['thousands of values', bencode({ received: 1, sent: 1, zebra: Array.from({ length: 1_000 }, () => 1) })],
  ])('is none when it is %s', (_name, bytes) => {
    expect(decodeStandingReport(bytes)).toBeNull();
  });
});

describe('a question for it', () => {
  it('names the instance that asks', () => {
    expect(decodeStandingAsk(encodeStandingAsk(INSTANCE))).toBe(INSTANCE);
    expect(decodeStandingAsk(bencode({ instance: Buffer.alloc(16, 1), more: 1 }))).toBe('01'.repeat(16));
  });

  it.each([
    ['empty', new Uint8Array()],
    ['nameless', bencode({})],
    ['too short', bencode({ instance: 'ab' })],
    ['no dictionary', bencode('instance')],
  ])('is none when it is %s', (_name, bytes) => {
    expect(decodeStandingAsk(bytes)).toBeNull();
  });
});
