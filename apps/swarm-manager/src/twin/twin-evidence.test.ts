import { beforeEach, describe, expect, it } from '@jest/globals';
import { TwinEvidence } from './twin-evidence.js';

const START_MS = 1_000_000;
const MINUTE_MS = 60_000;
const [OWN, TWIN, SIBLING] = ['0a'.repeat(16), '0b'.repeat(16), '0c'.repeat(16)];

describe('a second live node with our key', () => {
  let evidence: TwinEvidence;
  beforeEach(() => {
    evidence = new TwinEvidence(OWN, START_MS);
  });
  const say = (ages: readonly (number | null)[], nowMs: number): void =>
    evidence.toldByPeers(
      ages.map((otherAgeMs, index) => ({ node: `node-${index}`, otherAgeMs })),
      nowMs,
    );
  const howAt = (nowMs: number): string | undefined => evidence.at(nowMs)?.how;

  it('is found at our own address, at once', () => {
    evidence.answeredAtOwnAddress(OWN, START_MS);
    evidence.answeredAtOwnAddress(null, START_MS);
    expect(evidence.at(START_MS)).toBeNull();
    evidence.answeredAtOwnAddress(TWIN, START_MS);
    expect(evidence.at(START_MS)).toEqual({ how: 'own_address', seenMs: START_MS });
  });

  it('is found when it asks us, but what asks in our first seconds may have been ourselves', () => {
    evidence.visited(TWIN, START_MS + 1_000);
    expect(howAt(START_MS + 1_000)).toBeUndefined();
    evidence.visited(OWN, START_MS + MINUTE_MS);
    expect(howAt(START_MS + MINUTE_MS)).toBeUndefined();
    evidence.visited(TWIN, START_MS + MINUTE_MS);
    expect(howAt(START_MS + MINUTE_MS)).toBe('visitor');
  });

  it('is found when others were asked by it after our start', () => {
    const nowMs = START_MS + MINUTE_MS;
    say([null, null, null], nowMs);
    say([MINUTE_MS, 2 * MINUTE_MS, MINUTE_MS - 4_000], nowMs); // the start before this one
    expect(howAt(nowMs)).toBeUndefined();
    say([20_000, null, 30_000], nowMs);
    expect(howAt(nowMs)).toBe('peers');
  });

  it('is not believed of one node among several, and is of the only one', () => {
    const nowMs = START_MS + MINUTE_MS;
    say([0, null, null], nowMs);
    say([0, null, null], nowMs + MINUTE_MS);
    expect(howAt(nowMs + MINUTE_MS)).toBeUndefined();
    say([null, 0, null], nowMs + 2 * MINUTE_MS); // a second one, minutes later
    expect(howAt(nowMs + 2 * MINUTE_MS)).toBe('peers');

    evidence = new TwinEvidence(OWN, START_MS);
    say([0], nowMs);
    expect(howAt(nowMs)).toBe('peers');
  });

  it('is none of those that share our bus, before us or after', () => {
    evidence.heardSibling(OWN, START_MS);
    evidence.heardSibling(SIBLING, START_MS + 2 * MINUTE_MS);
    evidence.answeredAtOwnAddress(SIBLING, START_MS + 3 * MINUTE_MS);
    evidence.visited(SIBLING, START_MS + 3 * MINUTE_MS);
    say([MINUTE_MS, MINUTE_MS, MINUTE_MS], START_MS + 3 * MINUTE_MS);
    expect(howAt(START_MS + 3 * MINUTE_MS)).toBeUndefined();
    say([MINUTE_MS, MINUTE_MS, MINUTE_MS], START_MS + 4 * MINUTE_MS);
    expect(howAt(START_MS + 4 * MINUTE_MS)).toBe('peers');
  });

  it('is forgotten ten minutes after it was seen', () => {
    evidence.answeredAtOwnAddress(TWIN, START_MS);
    expect(howAt(START_MS + 10 * MINUTE_MS)).toBe('own_address');
    expect(howAt(START_MS + 10 * MINUTE_MS + 1)).toBeUndefined();
  });

  it('is told from siblings however often those start', () => {
    for (let start = 0; start < 50; start += 1) evidence.heardSibling(`${start}`, START_MS);
    evidence.answeredAtOwnAddress('49', START_MS);
    expect(howAt(START_MS)).toBeUndefined();
    evidence.answeredAtOwnAddress('0', START_MS); // forgotten: the memory has a bound
    expect(howAt(START_MS)).toBe('own_address');
  });
});
