import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ClockComparison, type ClockVerdict } from './clock-comparison.js';

const VALID_MS = 90_000;
const ROUND_MS = 60_000;

/** Rounds of one minute, in each of which these clocks are compared. */
function judged(aheadOf: readonly number[], { rounds = 1, nodes = aheadOf.length } = {}): ClockVerdict {
  const comparison = new ClockComparison(VALID_MS);
  const verdicts = Array.from({ length: rounds }, (_unused, round) => {
    aheadOf.forEach((aheadMs, index) => comparison.take(`node-${index}`, aheadMs, round * ROUND_MS));
    return comparison.judge({ nodes }, round * ROUND_MS);
  });
  const last = verdicts.at(-1);
  if (last === undefined) throw new Error('no round');
  return last;
}

describe('the clock of a node', () => {
  it.each<[string, readonly number[], string, number]>([
    ['right', [10, -20, 0, 30, 5], 'ok', 5],
    ['2 s ahead', [2_000, 2_000, 2_000, 2_000, 2_000], 'ok', 2_000],
    ['more than 2 s ahead', [2_100, 2_001, 2_000, 2_100, 2_000], 'warn', 2_001],
    ['more than 2 s behind', [-2_001, -2_001, -2_001, -2_001, -2_001], 'warn', -2_001],
    ['more than 5 s ahead', [5_001, 5_001, 5_001, 5_001, 5_001], 'alert', 5_001],
    ['minutes behind, as was seen just now', [-600_000, -600_000, -600_000, -600_000, -600_000], 'alert', -600_000],
    ['compared with an even number', [1_000, 2_000, 4_000, 5_000], 'warn', 3_000],
  ])('%s', (_name, aheadOf, state, aheadMs) => {
    expect(judged(aheadOf)).toMatchObject({ state, aheadMs, peers: aheadOf.length, reason: null, isTrusted: true });
  });

  it('is not trusted when it was off for two minutes, and trusted as soon as it is right', () => {
    const comparison = new ClockComparison(VALID_MS);
    const states = [9_000, 9_000, 8_500, 9_000, 7_900, 9_000].map((aheadMs, round) => {
      for (const node of ['a', 'b', 'c']) comparison.take(node, aheadMs, round * ROUND_MS);
      return comparison.judge({ nodes: 3 }, round * ROUND_MS).state;
    });
    expect(states).toEqual(['alert', 'alert', 'not_ready', 'not_ready', 'alert', 'alert']);
  });

  it('begins the two minutes anew when it was right in between', () => {
    const comparison = new ClockComparison(VALID_MS);
    const trusted = [9_000, 0, 9_000, 9_000, 9_000].map((aheadMs, round) => {
      for (const node of ['a', 'b', 'c']) comparison.take(node, aheadMs, round * ROUND_MS);
      return comparison.judge({ nodes: 3 }, round * ROUND_MS).isTrusted;
    });
    expect(trusted).toEqual([true, true, true, true, false]);
  });

  it('is not moved by fewer liars than there are honest nodes', () => {
    const honest = fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 4, maxLength: 6 });
    const lies = fc.array(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), { maxLength: 3 });
    fc.assert(
      fc.property(honest, lies, (right, wrong) => {
        expect(judged([...wrong, ...right], { rounds: 5 })).toMatchObject({ state: 'ok', isTrusted: true });
      }),
    );
  });

  it.each([
    ['one other, which may be the one that is wrong', [60_000], true],
    ['two others that agree', [60_000, 60_000], false],
    ['two others that do not', [60_000, 0], true],
    ['three others, of which one agrees with us', [60_000, 60_000, 0], true],
  ])('stands against %s', (_name, aheadOf, isTrusted) => {
    expect(judged(aheadOf, { rounds: 5 }).isTrusted).toBe(isTrusted);
  });

  it('is unknown before enough others answered, and of a small network all', () => {
    expect(judged([60_000, 60_000], { nodes: 12 })).toMatchObject({
      state: 'unknown',
      aheadMs: null,
      peers: 2,
      reason: '2 of 5 clocks that are wanted for a comparison are known',
      isTrusted: true,
      judgedAtMs: null,
    });
    expect(judged([0, 0], { nodes: 3 }).state).toBe('unknown');
    expect(judged([0, 0, 0], { nodes: 3 }).state).toBe('ok');
  });

  it('stays untrusted when nobody answers any more, and is trusted when nobody is left', () => {
    const comparison = new ClockComparison(VALID_MS);
    for (const nowMs of [0, ROUND_MS, 2 * ROUND_MS]) {
      for (const node of ['a', 'b', 'c']) comparison.take(node, 60_000, nowMs);
      comparison.judge({ nodes: 3 }, nowMs);
    }
    expect(comparison.judge({ nodes: 3 }, 10 * ROUND_MS)).toMatchObject({ state: 'unknown', isTrusted: false });
    const alone = comparison.judge({ none: 'there is no other node' }, 11 * ROUND_MS);
    expect(alone).toMatchObject({ state: 'unknown', reason: 'there is no other node', isTrusted: true, isRight: true });
  });

  it('is compared anew after it was set', () => {
    const comparison = new ClockComparison(VALID_MS);
    for (const node of ['a', 'b', 'c']) comparison.take(node, 0, 0);
    comparison.forget();
    expect(comparison.judge({ nodes: 3 }, 1).state).toBe('unknown');
  });
});
