const WORDS = 312;
const MIDDLE = 156;
const LOW_31_BITS = 0x7fff_ffffn;
const TWIST = 0xb502_6f5a_a966_19e9n;
const MULTIPLIER = 6_364_136_223_846_793_005n;
const MAX_WORD = 0xffff_ffff_ffff_ffffn;

/** The 64-bit Mersenne Twister of the C++ standard: every node draws the same numbers. docs/protocol/swarms.md §2.3 */
export class Mt19937x64 {
  readonly #state = new BigUint64Array(WORDS);
  #at = WORDS;

  /** `seed`: 0 .. 2^64-1. */
  constructor(seed: bigint) {
    let word = BigInt.asUintN(64, seed);
    this.#state[0] = word;
    for (let index = 1; index < WORDS; index += 1) {
      word = BigInt.asUintN(64, MULTIPLIER * (word ^ (word >> 62n)) + BigInt(index));
      this.#state[index] = word;
    }
  }

  /** The next number, 0 .. 2^64-1. */
  next(): bigint {
    if (this.#at === WORDS) this.#twist();
    let word = this.#word(this.#at);
    this.#at += 1;
    word ^= (word >> 29n) & 0x5555_5555_5555_5555n;
    word ^= (word << 17n) & 0x71d6_7fff_eda6_0000n;
    word ^= (word << 37n) & 0xfff7_eee0_0000_0000n;
    return word ^ (word >> 43n);
  }

  /** Uniform in 0 .. n-1, n in 1 .. 2^64-1. Divides where others take a remainder, and draws even for n = 1. */
  below(n: bigint): bigint {
    const secure = MAX_WORD - (MAX_WORD % n);
    let drawn: bigint;
    do drawn = this.next();
    while (drawn >= secure);
    return drawn / (secure / n);
  }

  #twist(): void {
    for (let index = 0; index < WORDS; index += 1) {
      const next = this.#word((index + 1) % WORDS);
      const mixed = (this.#word(index) & ~LOW_31_BITS) | (next & LOW_31_BITS);
      const twisted = (mixed >> 1n) ^ ((mixed & 1n) === 1n ? TWIST : 0n);
      this.#state[index] = this.#word((index + MIDDLE) % WORDS) ^ twisted;
    }
    this.#at = 0;
  }

  #word(index: number): bigint {
    return this.#state[index] ?? 0n;
  }
}
