import { totalmem } from 'node:os';

/** Bytes that this process and those beside it in its container or unit may use; the machine's memory without a limit. */
export function memoryLimitBytes(): number {
  const constrained = process.constrainedMemory(); // 0 or beyond any memory without a limit
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
