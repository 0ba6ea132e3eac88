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
  #room = Buffer.alloc(0);

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

  /**
   * As many pieces as fit; a single one that is longer has a part for itself. The bytes are those of the part before,
   * overwritten: nobody asks for a part who has not received the one before it.
   */
  next(): Uint8Array | null {
    let at = this.#isBegun ? 0 : this.#head.length;
    const needed = at + Buffer.byteLength(this.#piece ?? '');
    if (this.#room.length < needed) this.#room = Buffer.allocUnsafeSlow(Math.max(PART_BYTES, needed));
    if (!this.#isBegun) this.#room.set(this.#head);
    this.#isBegun = true;
    for (; this.#piece !== null; this.#piece = this.#take()) {
      if (at + Buffer.byteLength(this.#piece) > this.#room.length) break;
      at += this.#room.write(this.#piece, at);
    }
    return at === 0 ? null : this.#room.subarray(0, at);
  }

  #take(): string | null {
    return this.#pieces.next().value ?? null;
  }
}
