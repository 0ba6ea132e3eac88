import { readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Problem, reasonOf, systemCodeOf } from '../problems.js';
import { makeFolder } from './make-folder.js';

const OWNER_ONLY = 0o600;
const EVERYBODY_READS = 0o644;
/** Less what the user's own mask takes away. */
const AS_USUAL = 0o777;

/** Writes a secret for this user alone. Throws Problem when the file exists: a key that is overwritten is lost. */
export async function createSecretFile(path: string, text: string): Promise<void> {
  await makeFolder(dirname(path));
  try {
    await writeFile(path, text, { mode: OWNER_ONLY, flag: 'wx' });
  } catch (cause) {
    if (systemCodeOf(cause) !== 'EEXIST') throw unwritable(path, cause);
    throw new Problem(`${path} exists already and is not overwritten: move it away or choose another name.`);
  }
}

/** Replaces a file as a whole, so that a reader never sees half of it. Only this user may read it. */
export function replaceFile(path: string, text: string): Promise<void> {
  return replace(path, text, OWNER_ONLY);
}

/** The same for what is meant for everybody, such as a signed list. */
export function replacePublicFile(path: string, text: string): Promise<void> {
  return replace(path, text, EVERYBODY_READS);
}

async function replace(path: string, text: string, mode: number): Promise<void> {
  const next = `${path}.${process.pid}.next`;
  await makeFolder(dirname(path), AS_USUAL);
  try {
    await writeFile(next, text, { mode });
    await rename(next, path);
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

/** Null when there is no such file. */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return null;
    throw new Problem(`${path} cannot be read: ${reasonOf(cause)}.`);
  }
}

function unwritable(path: string, cause: unknown): Problem {
  return new Problem(`${path} cannot be written: ${reasonOf(cause)}.`);
}
