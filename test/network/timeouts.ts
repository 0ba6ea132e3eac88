/** A dozen processes on two busy cores. */
export const NETWORK_TIMEOUT_MS = 240_000;
export const TEST_TIMEOUT_MS = 90_000;
/** For something to work again by itself after what it needs is back. */
export const RECOVERY_TIMEOUT_MS = 30_000;
