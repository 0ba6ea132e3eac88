/** How far the times of a request may be from the node's: docs/protocol/storage-rpc.md §3.3 and §6. Bounds included. */
export const TIME_WINDOWS = {
  /** Around the node's clock, for what a signature covers. */
  signatureMs: 60_000,
  /** The same for delete_all and expire_all that another member passed on: it took a while to get here. */
  forwardedSignatureMs: 70_000,
  /** How far a stored message may come from the future, and how far its expiry may lie in the past. */
  storeClockMs: 10_000,
} as const;

/** Around the node's clock, for delete_all and expire_all. */
export const signatureWindowMs = (forwarded: boolean): number =>
  forwarded ? TIME_WINDOWS.forwardedSignatureMs : TIME_WINDOWS.signatureMs;

/** At most `windowMs` apart in either direction. */
export const isWithin = (timeMs: number, nowMs: number, windowMs: number): boolean =>
  Math.abs(timeMs - nowMs) <= windowMs;
