import { Inject, Injectable } from '@nestjs/common';
import { RELAY_LIMITS, type RelayLimits } from './budget.js';

/** Above this a body is a file; messages are smaller. */
export const LARGE_BYTES = 128 * 1024;
/** Share of the bytes that large bodies may fill, so that uploads alone never keep messages out, nor fill all the memory. */
const LARGE_SHARE = 3 / 4;

/** What this process has in its hands, and whether it may take more. Nothing waits here: beyond the bound is refused. */
@Injectable()
export class Load {
  private readonly maxRequests: number;
  private readonly maxBodyBytes: number;
  private requestsNow = 0;
  private bodyBytesNow = 0;

  constructor(@Inject(RELAY_LIMITS) limits: RelayLimits) {
    this.maxRequests = limits.requests;
    this.maxBodyBytes = limits.bodyBytes;
  }

  get requests(): number {
    return this.requestsNow;
  }

  get bodyBytes(): number {
    return this.bodyBytesNow;
  }

  /** Takes a place among the requests at work; false when all are taken. Pairs with `leave`. */
  enter(): boolean {
    if (this.requestsNow >= this.maxRequests) return false;
    this.requestsNow += 1;
    return true;
  }

  leave(): void {
    this.requestsNow -= 1;
  }

  /**
   * Counts bytes that arrived, not bytes that were announced: an announcement costs a stranger nothing and must not
   * keep others out. False (and nothing counted) when they do not fit. `before`: what is held of the same body already.
   * Pairs with `release`.
   */
  hold(bytes: number, before = 0): boolean {
    if (this.bodyBytesNow + bytes > this.maxFor(before + bytes)) return false;
    this.bodyBytesNow += bytes;
    return true;
  }

  /** Whether a body of so many bytes could go on to where bodies become large: if not, reading any of it is in vain. */
  hasRoomFor(bytes: number): boolean {
    return this.bodyBytesNow + Math.min(bytes, LARGE_BYTES) <= this.maxFor(bytes);
  }

  /** Counts bytes that are there whether they fit or not; what comes after them finds less room. Pairs with `release`. */
  keep(bytes: number): void {
    this.bodyBytesNow += bytes;
  }

  release(bytes: number): void {
    this.bodyBytesNow -= bytes;
  }

  private maxFor(bytes: number): number {
    return bytes > LARGE_BYTES ? this.maxBodyBytes * LARGE_SHARE : this.maxBodyBytes;
  }
}
