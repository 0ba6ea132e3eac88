import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { composeSwarms, nextSwarms, type SwarmMap } from './composition.js';
import { INVALID_SWARM_ID } from './swarm-space.js';

const SECOND_ID = 9_223_372_036_854_775_807n;
const NONE: SwarmMap = new Map();

const key = (node: number): string => node.toString(16).padStart(64, '0');
const keys = (from: number, to: number): string[] => Array.from({ length: to - from }, (_none, at) => key(from + at));
const sizesOf = (swarms: SwarmMap): number[] => [...swarms.values()].map((members) => members.length);
const sorted = (swarms: SwarmMap): [bigint, string[]][] =>
  [...swarms].map(([id, members]) => [id, [...members].sort()]);

/** A history: every step names the nodes that are active after it, and the seed of its block. */
const history = fc.array(
  fc.record({
    active: fc.uniqueArray(fc.nat(79), { maxLength: 80 }),
    seed: fc.bigInt({ min: 0n, max: INVALID_SWARM_ID }),
  }),
  { minLength: 1, maxLength: 6 },
);

describe('composeSwarms', () => {
  it('knows no swarm without a node', () => {
    expect(nextSwarms(NONE, [], 1n)).toEqual(NONE);
    expect(nextSwarms(new Map([[5n, keys(0, 7)]]), [], 1n)).toEqual(NONE);
  });

  it('keeps thirteen nodes together and makes two swarms of fourteen', () => {
    const thirteen = nextSwarms(NONE, keys(0, 13), 1n);
    expect([...thirteen.keys()]).toEqual([0n]);
    const fourteen = nextSwarms(thirteen, keys(0, 14), 2n);
    expect([...fourteen.keys()]).toEqual([0n, SECOND_ID]);
    expect(sizesOf(fourteen)).toEqual([7, 7]);
  });

  it('fills a swarm of four from the one that has members to spare', () => {
    const before = new Map([
      [10n, keys(0, 5)],
      [20n, keys(10, 17)],
      [30n, keys(20, 25)],
    ]);
    const after = nextSwarms(before, [...keys(0, 4), ...keys(10, 17), ...keys(20, 25)], 3n);
    expect([...after].map(([id, members]) => [id, members.length])).toEqual([
      [10n, 5],
      [20n, 6],
      [30n, 5],
    ]);
    expect(after.get(30n)).toEqual(keys(20, 25));
  });

  it('dissolves a swarm of four when nobody has members to spare', () => {
    const before = new Map([
      [10n, keys(0, 5)],
      [20n, keys(10, 15)],
      [30n, keys(20, 25)],
    ]);
    const after = nextSwarms(before, [...keys(0, 4), ...keys(10, 15), ...keys(20, 25)], 4n);
    expect([...after.keys()]).toEqual([20n, 30n]);
    expect(sizesOf(after)).toEqual([7, 7]);
  });

  it('dissolves the lower of two starving swarms first', () => {
    const before = new Map([
      [10n, keys(0, 3)],
      [20n, keys(10, 13)],
    ]);
    const after = nextSwarms(before, [...keys(0, 3), ...keys(10, 13)], 5n);
    expect(sorted(after)).toEqual([[20n, [...keys(0, 3), ...keys(10, 13)]]]);
  });

  it.each([1, 2, 3, 4])('keeps one swarm where the reference crashes: %i nodes left in two', (left) => {
    const before = new Map([
      [0n, keys(0, 5)],
      [SECOND_ID, keys(10, 15)],
    ]);
    const active = [key(0), key(10), key(1), key(11)].slice(0, left);
    const after = nextSwarms(before, active, 6n);
    expect(after.size).toBe(1);
    expect([...after.values()].flat().sort()).toEqual([...active].sort());
  });

  it.each([1n, 2n, 3n, 4n, 5n])('gives a node that returns a place in the smallest quarter, with seed %s', (seed) => {
    const away = new Map([
      [10n, keys(10, 18)],
      [20n, keys(20, 25)],
      [30n, keys(30, 38)],
      [40n, keys(40, 45)],
      [50n, keys(50, 58)],
    ]);
    const back = nextSwarms(away, [key(0), ...[...away.values()].flat()], seed);
    const [id] = [...back].find(([, members]) => members.includes(key(0))) ?? [];
    expect([20n, 40n]).toContain(id);
  });

  it('grows to floor(N/7) swarms, none of them starving', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), fc.bigInt({ min: 0n, max: INVALID_SWARM_ID }), (nodes, seed) => {
        const swarms = composeSwarms(new Map([[INVALID_SWARM_ID, keys(0, nodes)]]), seed);
        expect(swarms.size).toBe(Math.max(1, Math.floor(nodes / 7)));
        if (swarms.size > 1) expect(Math.min(...sizesOf(swarms))).toBeGreaterThanOrEqual(5);
      }),
    );
  });

  it('holds every active node exactly once, through any history, and starves nobody but a lone swarm', () => {
    fc.assert(
      fc.property(history, (steps) => {
        let swarms = NONE;
        for (const { active, seed } of steps) {
          swarms = nextSwarms(swarms, active.map(key), seed);
          expect([...swarms.values()].flat().sort()).toEqual(active.map(key).sort());
          expect(swarms.has(INVALID_SWARM_ID)).toBe(false);
          if (swarms.size > 1) expect(Math.min(...sizesOf(swarms))).toBeGreaterThanOrEqual(5);
          else expect(Math.min(...sizesOf(swarms), 1)).toBe(1);
        }
      }),
    );
  });

  it('gives two replays the same swarms, whatever the order inside a step', () => {
    fc.assert(
      fc.property(history, (steps) => {
        let one = NONE;
        let other = NONE;
        for (const { active, seed } of steps) {
          one = nextSwarms(one, active.map(key), seed);
          other = nextSwarms(new Map(sorted(other).reverse()), active.map(key).reverse(), seed);
          expect(other).toEqual(one);
        }
      }),
    );
  });

  it('changes nothing while the active nodes stay the same', () => {
    fc.assert(
      fc.property(history, fc.bigInt({ min: 0n, max: INVALID_SWARM_ID }), (steps, seed) => {
        let swarms = NONE;
        for (const step of steps) swarms = nextSwarms(swarms, step.active.map(key), step.seed);
        const active = steps.at(-1)?.active.map(key) ?? [];
        expect(sorted(nextSwarms(swarms, active, seed))).toEqual(sorted(swarms));
      }),
    );
  });

  it('does not touch what it was given', () => {
    const before = new Map([[10n, keys(0, 30)]]);
    composeSwarms(before, 1n);
    expect(before).toEqual(new Map([[10n, keys(0, 30)]]));
  });
});
