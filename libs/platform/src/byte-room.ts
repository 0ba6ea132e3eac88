/** Bytes that many hold together; what does not fit is refused. */
export class ByteRoom {
  #held = 0;

  constructor(private readonly maxBytes: number) {}

  /** Counts bytes that are there, not bytes that were announced: an announcement costs nothing. False: no room. */
  take(bytes: number): boolean {
    if (this.#held + bytes > this.maxBytes) return false;
    this.#held += bytes;
    return true;
  }

  /** Counts bytes that are there whether they fit or not; what comes after them finds less room. */
  keep(bytes: number): void {
    this.#held += bytes;
  }

  giveBack(bytes: number): void {
    this.#held -= bytes;
  }
}
