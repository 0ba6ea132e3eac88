import { Inject, Injectable } from '@nestjs/common';
import { RELAY_LIMITS, type RelayLimits } from './budget.js';

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
   * keep others out. False (and nothing counted) when they do not fit. Pairs with `release`.
   */
  hold(bytes: number): boolean {
    if (this.bodyBytesNow + bytes > this.maxBodyBytes) return false;
    this.bodyBytesNow += bytes;
    return true;
  }

  release(bytes: number): void {
    this.bodyBytesNow -= bytes;
  }
}
