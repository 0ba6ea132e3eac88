/** Up to here pieces are kept as they come and joined at the end: messages are smaller, and a block for each costs more. */
const PIECEWISE_BYTES = 128 * 1024;
/** By how much a block that is full is outgrown: rarely enough to copy little, and what is not used yet takes no memory. */
const GROWTH = 4;
/** A client that has sent so much means it, and has room for the length that it announced. */
const EARNEST_BYTES = 2 * 1024 * 1024;

/**
 * A body whose length nobody vouches for, in one block that grows. Whoever keeps pieces and joins them at the end has every byte twice
 * until the garbage collector comes by, which with a budget full of large bodies is a budget twice as large.
 */
export class GrowingBody {
  private readonly pieces: Buffer[] = [];
  private block: Buffer | undefined;
  private length = 0;

  /** `maxBytes`: nobody adds more. `announced`: what the client said, which it may not keep; NaN when it said nothing. */
  constructor(
    private readonly maxBytes: number,
    private readonly announced = Number.NaN,
  ) {}

  get bytes(): number {
    return this.length;
  }

  add(piece: Buffer): void {
    const end = this.length + piece.length;
    if (this.block === undefined && end <= PIECEWISE_BYTES) {
      this.pieces.push(piece);
    } else {
      piece.copy(this.roomFor(end), this.length);
    }
    this.length = end;
  }

  finish(): Buffer {
    if (this.block !== undefined) return this.block.subarray(0, this.length);
    const [only] = this.pieces;
    return this.pieces.length === 1 && only !== undefined ? only : Buffer.concat(this.pieces, this.length);
  }

  private roomFor(bytes: number): Buffer {
    if (this.block !== undefined && bytes <= this.block.length) return this.block;
    const block = Buffer.allocUnsafeSlow(this.nextBlockBytes(bytes));
    let at = 0;
    for (const piece of this.block === undefined ? this.pieces.splice(0) : [this.block.subarray(0, this.length)]) {
      at += piece.copy(block, at);
    }
    this.block = block;
    return block;
  }

  private nextBlockBytes(bytes: number): number {
    if (bytes >= EARNEST_BYTES && bytes <= this.announced) return Math.min(this.maxBytes, this.announced);
    return Math.min(this.maxBytes, Math.max(bytes, GROWTH * this.length));
  }
}
