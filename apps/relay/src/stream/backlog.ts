/** Bytes that wait for clients of streams to read them, in this process. */
export class Backlog {
  #bytes = 0;

  /** Most that may wait for all clients together. */
  constructor(private readonly maxBytes: number) {}

  get bytes(): number {
    return this.#bytes;
  }

  /** Nothing may be added for a client that has a part in it. */
  get isFull(): boolean {
    return this.#bytes > this.maxBytes;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  remove(bytes: number): void {
    this.#bytes -= bytes;
  }
}
