import { randomInt } from 'node:crypto';

/** A uniform draw from [0, 1). Passed in, so that tests repeat themselves. */
export type RandomUnit = () => number;

/** The largest range that `randomInt` has. */
const STEPS = 2 ** 47;

/** From the system's generator: nobody shall foresee whom we test. */
export const systemRandom: RandomUnit = () => randomInt(STEPS) / STEPS;

/** A draw from the normal distribution, by Box and Muller; never negative, for it is a time. */
export function normalMs(random: RandomUnit, meanMs: number, deviationMs: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return Math.max(0, meanMs + deviationMs * radius * Math.cos(2 * Math.PI * random()));
}

/** A new list in uniformly random order, by Fisher and Yates. */
export function inRandomOrder<T>(items: readonly T[], random: RandomUnit): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const [a, b] = [order[last], order[other]] as [T, T];
    order[last] = b;
    order[other] = a;
  }
  return order;
}
