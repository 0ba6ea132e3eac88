const MIB = 1024 * 1024;

/** A relay that takes fewer serves nobody; with less memory than that it is better killed than useless. */
const FEWEST = 1_000;
/** TLS, a parser and their buffers: 51 to 62 KiB measured, with 3,000 to 6,600 that each ask for something every few seconds. */
const CONNECTION_BYTES = 64 * 1024;
/** A process without load, and what a thousand requests at work add to their bodies. */
const PROCESS_BYTES = 250 * MIB;
/** What full bodies take (`bodyBytes` of `budget.ts`), with what the collector has not found yet. */
const BODIES_BYTES = 360 * MIB;

/**
 * Connections for which one process of a relay has the memory, where all `workers` together may use `memoryBytes`.
 * docs/protocol/onion.md §5.1.4
 */
export function connectionsFor(memoryBytes: number, workers: number): number {
  const left = memoryBytes / workers - PROCESS_BYTES - BODIES_BYTES;
  return Math.max(FEWEST, Math.floor(left / CONNECTION_BYTES));
}
