import type { RandomBytes } from '../primitives.js';

/** The first `count` of a uniformly random order. */
export function shuffled<T>(items: readonly T[], count: number, random: RandomBytes): T[] {
  const left = [...items];
  const drawn: T[] = [];
  while (drawn.length < count && left.length > 0) {
    const index = indexBelow(left.length, random);
    const last = left.pop();
    if (last === undefined) break;
    const item = index < left.length ? left.splice(index, 1, last) : [last];
    drawn.push(...item);
  }
  return drawn;
}

/** Four bytes modulo a list of thousands: the bias is below one in a hundred thousand, and nothing secret hangs on it. */
function indexBelow(length: number, random: RandomBytes): number {
  return new DataView(new Uint8Array(random(4)).buffer).getUint32(0) % length;
}
