/** Counts what is kept of all clients of a port, for another relay, before a relay has answered them. */
export class KeptBytes {
  #held = 0;

  constructor(private readonly most: number) {}

  /** False when there is no room for them. */
  take(bytes: number): boolean {
    if (this.#held + bytes > this.most) return false;
    this.#held += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#held -= bytes;
  }
}
