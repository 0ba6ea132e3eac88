/** Numbers that look random and follow from a seed, so that an input can be made again. */
export class Random {
  #state: number;

  /** `index` tells the inputs of one seed apart. */
  constructor(seed: number, index = 0) {
    this.#state = (Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) ^ Math.imul(index + 1, 0xc2b2_ae35)) >>> 0;
    for (let turn = 0; turn < 4; turn += 1) this.#next();
  }

  /** From 0 to `end`, which is not reached. */
  below(end: number): number {
    return this.#next() % end;
  }

  chance(share: number): boolean {
    return this.#next() < share * 2 ** 32;
  }

  of<T>(things: readonly T[]): T {
    if (things.length === 0) throw new RangeError('nothing to choose from');
    return things[this.below(things.length)] as T; // which may be undefined itself
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }

  /** xorshift, 32 bits. */
  #next(): number {
    let x = this.#state === 0 ? 0x6d2b_79f5 : this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state;
  }
}
