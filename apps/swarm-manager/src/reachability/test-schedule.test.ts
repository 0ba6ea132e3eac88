import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TestSchedule } from './test-schedule.js';

const MEAN_MS = 10_000;
const LOOK_MS = 200;
const TEST_MS = 5_000;
const HOUR_MS = 3_600_000;

/** A generator with a seed (mulberry32), so that a failure can be repeated. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Begun {
  readonly node: string;
  readonly atMs: number;
}

const named = (count: number): string[] => Array.from({ length: count }, (_unused, index) => `node-${index}`);

/** Time goes by in looks; a test of a node that is down ends after five seconds, any other within the look. */
function simulate(
  schedule: TestSchedule,
  untilMs: number,
  isUp: (node: string, atMs: number) => boolean = () => true,
  atLook: (nowMs: number) => void = () => undefined,
): Begun[] {
  const begun: Begun[] = [];
  let running: { node: string; endMs: number; isReached: boolean }[] = [];
  for (let nowMs = 0; nowMs <= untilMs; nowMs += LOOK_MS) {
    atLook(nowMs);
    const ended = running.filter(({ endMs }) => endMs <= nowMs);
    for (const { node, isReached } of ended) schedule.settled(node, isReached, nowMs);
    if (ended.length > 0) running = running.filter(({ endMs }) => endMs > nowMs);
    const due = schedule.due(nowMs);
    if (due.some((node) => running.some((test) => test.node === node)))
      throw new Error('two tests of one node at once');
    for (const node of due) {
      begun.push({ node, atMs: nowMs });
      const isReached = isUp(node, nowMs);
      if (isReached) schedule.settled(node, true, nowMs);
      else running.push({ node, isReached, endMs: nowMs + TEST_MS });
    }
  }
  return begun;
}

const gapsOf = (begun: readonly Begun[]): number[] =>
  begun.slice(1).map(({ atMs }, index) => atMs - (begun[index]?.atMs ?? 0));

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the schedule of reachability tests', () => {
  it('case 77: begins 100 ± 20 tests in 1,000 s, and leaves out none of 50 nodes', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const schedule = new TestSchedule(MEAN_MS, seeded(seed), 0);
        schedule.use(named(50));
        const begun = simulate(schedule, 1_000_000);
        expect(begun.length).toBeGreaterThanOrEqual(80);
        expect(begun.length).toBeLessThanOrEqual(120);
        expect(new Set(begun.map(({ node }) => node)).size).toBe(50);
      }),
      { numRuns: 25 },
    );
  });

  it('keeps a mean of 10 s with a deviation of 3 s over hours, in a new order each round', () => {
    const schedule = new TestSchedule(MEAN_MS, seeded(1), 0);
    schedule.use(named(20));
    const begun = simulate(schedule, 12 * HOUR_MS);
    const gaps = gapsOf(begun);
    expect(Math.abs(mean(gaps) - MEAN_MS)).toBeLessThan(300);
    const deviation = Math.sqrt(mean(gaps.map((gap) => (gap - mean(gaps)) ** 2)));
    expect(Math.abs(deviation - 3_000)).toBeLessThan(300);
    const round = (number: number): string[] => begun.slice(20 * number, 20 * number + 20).map(({ node }) => node);
    expect(round(0).toSorted()).toEqual(named(20).toSorted());
    expect(round(1).toSorted()).toEqual(named(20).toSorted());
    expect(round(1)).not.toEqual(round(0));
  });

  it('case 76: tests a node that fails near 10, 20, 30 … s later, never later than 120 s, until it answers', () => {
    const schedule = new TestSchedule(MEAN_MS, seeded(2), 0);
    schedule.use(named(10));
    const downMs = 2 * HOUR_MS;
    const begun = simulate(schedule, 3 * HOUR_MS, (node, atMs) => node !== 'node-3' || atMs >= downMs);
    const ofOne = begun.filter(({ node }) => node === 'node-3');
    const whileDown = ofOne.filter(({ atMs }) => atMs < downMs);
    const waits = gapsOf(whileDown).map((gap) => gap - TEST_MS);
    waits.slice(0, 9).forEach((wait, failures) => {
      expect(Math.abs(wait - (failures + 1) * MEAN_MS)).toBeLessThan(10_000 + LOOK_MS);
    });
    expect(Math.max(...waits)).toBeLessThanOrEqual(12 * MEAN_MS + LOOK_MS);
    expect(waits.at(-1)).toBeGreaterThanOrEqual(11 * MEAN_MS);
    const afterwards = ofOne.filter(({ atMs }) => atMs >= downMs);
    // With ten nodes a turn comes every 100 s: without its queue it would not come as often as while it was down.
    expect(mean(gapsOf(afterwards))).toBeGreaterThan(60_000);
  });

  it('begins at most four tests out of turn at one look, however many nodes are down', () => {
    const schedule = new TestSchedule(MEAN_MS, seeded(3), 0);
    schedule.use(named(300));
    const begun = simulate(schedule, 2 * HOUR_MS, () => false);
    const atOnce = new Map<number, number>();
    for (const { atMs } of begun) atOnce.set(atMs, (atOnce.get(atMs) ?? 0) + 1);
    expect(Math.max(...atOnce.values())).toBeLessThanOrEqual(5);
    expect(new Set(begun.map(({ node }) => node)).size).toBe(300);
  });

  it('forgets nodes that left, failing ones and ordered ones too', () => {
    const schedule = new TestSchedule(MEAN_MS, seeded(4), 0);
    schedule.use(named(3));
    const begun = simulate(
      schedule,
      HOUR_MS,
      (node) => node !== 'node-1',
      (nowMs) => {
        if (nowMs !== HOUR_MS / 2) return;
        schedule.order('node-1');
        schedule.use(['node-0']);
        schedule.order('node-2');
      },
    );
    const late = begun.filter(({ atMs }) => atMs >= HOUR_MS / 2).map(({ node }) => node);
    expect(new Set(late)).toEqual(new Set(['node-0']));
    expect(begun.some(({ node }) => node === 'node-1')).toBe(true);
  });

  it('tests an ordered node at the next look, once', () => {
    const schedule = new TestSchedule(MEAN_MS, () => 0.5, 0);
    schedule.use(named(30));
    schedule.order('node-7');
    schedule.order('node-7');
    expect(schedule.due(LOOK_MS)).toEqual(['node-7']);
    schedule.order('node-7');
    expect(schedule.due(2 * LOOK_MS)).toEqual([]); // the first is still running
    schedule.settled('node-7', true, 3 * LOOK_MS);
    expect(schedule.due(4 * LOOK_MS)).toEqual(['node-7']);
  });

  it('waits in proportion to its mean', () => {
    const schedule = new TestSchedule(250, seeded(5), 0);
    schedule.use(named(4));
    expect(Math.abs(mean(gapsOf(simulate(schedule, 600_000))) - 350)).toBeLessThan(50); // 250, and half a look or so
  });

  it('has nothing to do while there is nobody', () => {
    expect(simulate(new TestSchedule(MEAN_MS, seeded(6), 0), HOUR_MS)).toEqual([]);
  });
});
