/** Up to here pieces are kept as they come and joined at the end: messages are smaller, and a block for each costs more. */
const PIECEWISE_BYTES = 128 * 1024;
/** By how much a block that is full is outgrown: rarely enough to copy little, and what is not used yet takes no memory. */
const GROWTH = 4;

/**
 * A body of unknown length, in one block that grows. Whoever keeps pieces and joins them at the end has every byte twice
 * until the garbage collector comes by, which with a budget full of large bodies is a budget twice as large.
 */
export class GrowingBody {
  private readonly pieces: Buffer[] = [];
  private block: Buffer | undefined;
  private length = 0;

  /** `maxBytes`: nobody adds more. */
  constructor(private readonly maxBytes: number) {}

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
    const block = Buffer.allocUnsafeSlow(Math.min(this.maxBytes, Math.max(bytes, GROWTH * this.length)));
    let at = 0;
    for (const piece of this.block === undefined ? this.pieces.splice(0) : [this.block.subarray(0, this.length)]) {
      at += piece.copy(block, at);
    }
    this.block = block;
    return block;
  }
}
