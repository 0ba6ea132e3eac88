import type { Line } from '../bandwidth/line.js';
import type { Load } from '../limits/load.js';

/** Head and mask of a frame that a client sends to control the connection. */
const CONTROL_FRAME_BYTES = 6;

/** The bytes of a message that has not come whole, counted in the load of the process while they lie here. */
export class UnfinishedMessage {
  #bytes = 0;
  #sinceMs = 0;

  constructor(
    private readonly load: Load,
    private readonly line: Line,
  ) {}

  /** Counts bytes that have come; false when this process, or the line, has no room for them. */
  add(bytes: number, nowMs: number): boolean {
    if (!this.line.receive(bytes, this.#bytes)) return false;
    if (!this.load.hold(bytes, this.#bytes)) return false;
    if (this.#bytes === 0) this.#sinceMs = nowMs;
    this.#bytes += bytes;
    return true;
  }

  /** A ping or pong, which may come in the midst of a message, is no part of it. */
  control(payloadBytes: number): void {
    const bytes = Math.min(this.#bytes, CONTROL_FRAME_BYTES + payloadBytes);
    this.#bytes -= bytes;
    this.load.release(bytes);
  }

  /** The message is whole. Gives how many bytes were counted for it, which whoever works on it releases. */
  finish(): number {
    const bytes = this.#bytes;
    this.#bytes = 0;
    return bytes;
  }

  isOlderThan(ms: number, nowMs: number): boolean {
    return this.#bytes > 0 && nowMs - this.#sinceMs > ms;
  }
}
