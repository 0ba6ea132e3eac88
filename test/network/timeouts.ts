/** A dozen processes on two busy cores. */
export const NETWORK_TIMEOUT_MS = 240_000;
export const TEST_TIMEOUT_MS = 90_000;
