import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Problem, reasonOf, systemCodeOf } from '../problems.js';

const OWNER_ONLY = 0o700;

/**
 * Makes a folder and those above it. Not by the recursive way of Node, which never ends where the system says of a new
 * folder that it does not exist, as in `/proc`. Throws Problem.
 */
export async function makeFolder(path: string, mode = OWNER_ONLY): Promise<void> {
  const folder = resolve(path);
  if (await isMade(folder, mode)) return;
  await makeFolder(dirname(folder), mode);
  if (!(await isMade(folder, mode)))
    throw new Problem(`${folder} cannot be made: there are no new folders in ${dirname(folder)}.`);
}

/** False while the one above it is not there. */
async function isMade(folder: string, mode: number): Promise<boolean> {
  try {
    await mkdir(folder, { mode });
    return true;
  } catch (cause) {
    const present = await stat(folder).catch(() => null);
    if (present?.isDirectory()) return true;
    if (systemCodeOf(cause) === 'ENOENT' && dirname(folder) !== folder) return false;
    throw new Problem(`${folder} cannot be made: ${reasonOf(cause)}.`);
  }
}
