import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of buffers, in use or spent, from which on it is worth some 20 ms to free those that are spent. */
const WORTH_FREEING_BYTES = 16 * 1024 * 1024;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void; // Node shows it to those who ask only

/**
 * To be called after work that left megabytes of buffers behind. V8 counts them as small objects, and would let 64 MB
 * of them lie before it looks.
 */
export function freeSpentBuffers(): void {
  if (process.memoryUsage().arrayBuffers > WORTH_FREEING_BYTES) collect();
}
