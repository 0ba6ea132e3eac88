import type { Clock } from '#platform';
import { MAX_BODY_BYTES } from '../limits/budget.js';
import { LARGE_BYTES } from '../limits/load.js';
import { Line } from './line.js';

/** What may move at once after a quiet time: clients ask every five seconds, and many of them at the same moment. */
const BURST_MS = 4_000;
/** Part of the rate that is for messages alone as long as there are any: files never keep them out. */
const MESSAGES_SHARE = 1 / 2;
/** One file of the largest, in and out again: less would let none pass over a slow line. Beyond it, what comes is cut off. */
const FILES_DEBT_BYTES = 2 * MAX_BODY_BYTES;
/** Twice a burst: copies are refused when it was not enough to refuse everything else. */
const COPIES_DEBT_MS = 2 * BURST_MS;
/** What is refused moves bytes too; a flood of it must not refuse people for hours after it. */
const MAX_DEBT_MS = 60_000;

/**
 * A bound on bytes in and out together, on average over some seconds. There are two buckets: messages take from
 * theirs, and from that of files what is left there; files, which are bodies above 128 KiB, only from their own. What
 * flows into a full bucket goes to the other one. A bucket may be overdrawn by what is under way; then nothing new
 * comes in. docs/protocol/onion.md §5.3.7
 */
export class BoundedLine extends Line {
  readonly #capacity: { readonly messages: number; readonly files: number };
  #messages: number;
  #files: number;
  #refilledAtMs: number;
  /** Bytes of bodies that were counted, and that no connection has shown yet. */
  #ahead = 0;

  /** `bytesPerMs`: of this process. */
  constructor(
    private readonly clock: Clock,
    private readonly bytesPerMs: number,
  ) {
    super();
    const burst = bytesPerMs * BURST_MS;
    this.#capacity = { messages: burst * MESSAGES_SHARE, files: burst * (1 - MESSAGES_SHARE) };
    this.#messages = this.#capacity.messages;
    this.#files = this.#capacity.files;
    this.#refilledAtMs = clock.monotonicMs();
  }

  override admits(bytes: number): boolean {
    this.#refill();
    return this.#files > 0 || (bytes <= LARGE_BYTES && this.#messages > 0);
  }

  override get isOverdrawn(): boolean {
    this.#refill();
    return this.#files <= 0 && this.#messages < -COPIES_DEBT_MS * this.bytesPerMs;
  }

  override receive(bytes: number, before: number, announced = 0): boolean {
    this.#refill();
    this.#ahead += bytes;
    if (Math.max(announced, before + bytes) <= LARGE_BYTES) {
      this.#takeForMessages(bytes);
      return true;
    }
    const wasMessage = Math.max(announced, before) <= LARGE_BYTES;
    if (!wasMessage) {
      this.#takeForFiles(bytes);
      return this.#files > -FILES_DEBT_BYTES;
    }
    // Only now it shows that it is a file, so this is where one without a length is admitted or not.
    const isAdmitted = this.#files > 0;
    this.#messages = Math.min(this.#capacity.messages, this.#messages + before);
    this.#takeForFiles(before + bytes);
    return isAdmitted;
  }

  override send(bytes: number): void {
    this.#refill();
    this.#ahead += bytes;
    if (bytes <= LARGE_BYTES) this.#takeForMessages(bytes);
    else this.#takeForFiles(bytes);
  }

  /** What connections moved since the last call, bodies and everything around them: what is more than was counted counts now. */
  settle(movedBytes: number): void {
    this.#refill();
    const beyond = movedBytes - this.#ahead;
    this.#ahead = Math.max(0, -beyond);
    if (beyond > 0) this.#takeForMessages(beyond);
  }

  #takeForFiles(bytes: number): void {
    this.#files = Math.max(this.#files - bytes, -FILES_DEBT_BYTES - MAX_DEBT_MS * this.bytesPerMs);
  }

  #takeForMessages(bytes: number): void {
    if (this.#messages <= 0 && this.#files > 0) this.#files -= bytes;
    else this.#messages = Math.max(this.#messages - bytes, -MAX_DEBT_MS * this.bytesPerMs);
  }

  #refill(): void {
    const nowMs = this.clock.monotonicMs();
    const bytes = (nowMs - this.#refilledAtMs) * this.bytesPerMs;
    this.#refilledAtMs = nowMs;
    const { messages, files } = this.#capacity;
    this.#messages += bytes * MESSAGES_SHARE;
    this.#files += bytes * (1 - MESSAGES_SHARE);
    const spare = Math.max(0, this.#messages - messages);
    const spareOfFiles = Math.max(0, this.#files - files);
    this.#messages = Math.min(messages, this.#messages + spareOfFiles);
    this.#files = Math.min(files, this.#files + spare);
  }
}
