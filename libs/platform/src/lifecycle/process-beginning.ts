import { readFileSync } from 'node:fs';

/**
 * When this process began, in clock ticks since the machine did, as proc(5) has it. With the number of the process it
 * names this process and never another one. Null where the system does not say.
 */
export function ownBeginning(): string | null {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    // The name in parentheses may hold anything; the state is the first field after it, the start time the 20th.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
