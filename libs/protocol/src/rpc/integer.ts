const EDGE = BigInt(Number.MAX_SAFE_INTEGER);

/** At most the digits that 64 bits need: longer text must not become a number, which takes quadratic time. */
const DECIMAL = /^-?\d{1,20}$/;

/** Integers beyond 2^53 come out at its edge: no rule of the protocol tells such numbers apart. */
const clamp = (exact: bigint): number => Number(exact > EDGE ? EDGE : exact < -EDGE ? -EDGE : exact);

/** The integer that a parsed value is; null for everything else, fractions included. */
export function integerOf(value: unknown): number | null {
  if (typeof value === 'bigint') return clamp(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

/** Decimal text within the bounds, with a minus where `min` allows one: no plus, no spaces. */
export function integerOfText(text: string, min: bigint, max: bigint): number | null {
  if (!DECIMAL.test(text) || (min >= 0n && text.startsWith('-'))) return null;
  const exact = BigInt(text);
  return exact < min || exact > max ? null : clamp(exact);
}
