import { rpcAnswerHead } from '#contracts';
import { PART_BYTES, type BusParts } from '#platform';
import type { LongJson } from './reply-body.js';

/** An answer whose JSON is written while it is sent: one part of it lies in memory at a time. */
export class LongAnswer implements BusParts {
  readonly bytes: number;
  readonly #head: Uint8Array;
  readonly #pieces: Iterator<string, undefined>;
  /** Taken from the pieces, but not written yet. */
  #piece: string | null;
  #isBegun = false;

  constructor(
    status: number,
    json: LongJson,
    readonly done: () => void,
  ) {
    this.#head = rpcAnswerHead({ status, kind: 'json' });
    this.bytes = this.#head.length + json.bytes;
    this.#pieces = json.pieces()[Symbol.iterator]() as Iterator<string, undefined>; // generators and lists end with nothing
    this.#piece = this.#take();
  }

  /** As many pieces as fit; a single one that is longer has a part for itself. */
  next(): Uint8Array | null {
    let at = this.#isBegun ? 0 : this.#head.length;
    const part = Buffer.allocUnsafeSlow(Math.max(PART_BYTES, at + Buffer.byteLength(this.#piece ?? '')));
    if (!this.#isBegun) part.set(this.#head);
    this.#isBegun = true;
    for (; this.#piece !== null; this.#piece = this.#take()) {
      if (at + Buffer.byteLength(this.#piece) > part.length) break;
      at += part.write(this.#piece, at);
    }
    return at === 0 ? null : part.subarray(0, at);
  }

  #take(): string | null {
    return this.#pieces.next().value ?? null;
  }
}
