import type { JsonBounds } from '../json.js';

/**
 * A batch of twenty requests with 4,096 hashes and times each has 164,000 values, and a few hundred keys. More would
 * only cost time to read. docs/protocol/storage-rpc.md §17.6
 */
export const CALL_BOUNDS: JsonBounds = { keys: 1_000, values: 200_000 };
