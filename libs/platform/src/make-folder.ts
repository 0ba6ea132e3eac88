import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Read and written by this user alone. */
const MODE = 0o700;

/**
 * Makes a folder and those above it. Not by the recursive way of Node, which never ends where the system says of a new
 * folder that it does not exist, as in `/proc`. Throws what the system says.
 */
export function makeFolder(path: string): void {
  const folder = resolve(path);
  try {
    mkdirSync(folder, { mode: MODE });
  } catch (cause) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
    if (statSync(dirname(folder), { throwIfNoEntry: false }) !== undefined) throw cause;
    makeFolder(dirname(folder));
    mkdirSync(folder, { mode: MODE });
  }
}
