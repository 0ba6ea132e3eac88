/** Beyond this a body comes in many pieces, and its room is taken once. */
const PIECEWISE_BYTES = 64 * 1024;

/** Gathers a body with at most one copy of each byte. `announced` is its Content-Length, 0 when that is not known. */
export class BodyCollector {
  readonly #whole: Buffer | undefined;
  readonly #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(announced: number) {
    if (announced > PIECEWISE_BYTES) this.#whole = Buffer.allocUnsafeSlow(announced);
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(piece: Buffer): void {
    if (this.#whole === undefined) this.#pieces.push(piece);
    else piece.copy(this.#whole, this.#bytes);
    this.#bytes += piece.length;
  }

  finish(): Buffer {
    if (this.#whole !== undefined) return this.#whole.subarray(0, this.#bytes);
    const [only] = this.#pieces;
    return this.#pieces.length === 1 && only !== undefined ? only : Buffer.concat(this.#pieces);
  }
}
