import { access, constants, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError, makeFolder } from '#platform';

const FILE_NAME = 'membership.json';

const stateSchema = z.strictObject({
  /** The signed list as it was accepted. */
  signedList: z.string(),
  /** The snapshot made of it, as text of the contract: swarms may depend on lists that are gone. */
  snapshot: z.string(),
});

export type SavedState = z.infer<typeof stateSchema>;

/**
 * Makes sure that a list can be kept before there is one: otherwise nobody would notice until the next start.
 * `setting` names the directory in the problem. Throws ConfigError.
 */
export async function claimStateDirectory(directory: string, setting: string): Promise<void> {
  try {
    makeFolder(directory);
    await access(directory, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unusable';
    throw new ConfigError([
      `${setting}: the directory cannot be made or written (${reason}); make it writable for this user, or name another`,
    ]);
  }
}

/** Null when there is none, or none that can be read: the next list makes a new one. */
export async function loadState(directory: string): Promise<SavedState | null> {
  try {
    const result = stateSchema.safeParse(JSON.parse(await readFile(join(directory, FILE_NAME), 'utf8')));
    return result.success ? result.data : null;
  } catch {
    return null; // absent on a first start, or cut off: either way not usable
  }
}

/** Old or new, never half: written beside, synced, renamed. */
export async function saveState(directory: string, state: SavedState): Promise<void> {
  makeFolder(directory);
  const path = join(directory, FILE_NAME);
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(state));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}
