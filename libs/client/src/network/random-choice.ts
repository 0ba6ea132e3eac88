import type { RandomBytes } from '#protocol';

const UINT32 = 2 ** 32;

/** A whole number in [0, limit) without bias; `limit` 1..2^32. */
export function randomBelow(random: RandomBytes, limit: number): number {
  const usable = UINT32 - (UINT32 % limit); // numbers above would make small results likelier
  for (;;) {
    const bytes = random(4);
    const value = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
    if (value < usable) return value % limit;
  }
}

/** A copy in random order. */
export function shuffled<T>(random: RandomBytes, items: readonly T[]): T[] {
  const rest = [...items];
  const result: T[] = [];
  while (rest.length > 0) result.push(...rest.splice(randomBelow(random, rest.length), 1));
  return result;
}
