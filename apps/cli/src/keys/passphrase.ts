import { readFile, stat } from 'node:fs/promises';
import type { Context } from '../command.js';
import { shown } from '../files/home.js';
import { Problem, reasonOf } from '../problems.js';
import { askSecret } from '../terminal/ask-secret.js';

/** Guessed offline at two a second and core, eight characters by chance last. */
const MIN_CHARS = 8;
/** A line, not a file of something else. */
const MAX_BYTES = 1_024;
const OTHERS = 0o077;

/** From the file that was named, else from the terminal; a new one is asked for twice. Throws Problem. */
export async function readPassphrase(context: Context, file: string | undefined, isNew: boolean): Promise<string> {
  const passphrase = file === undefined ? await typed(context, isNew) : await inFile(file);
  if (passphrase.length >= MIN_CHARS) return passphrase;
  throw new Problem(`The passphrase must have at least ${MIN_CHARS} characters.`);
}

async function typed({ stdin = process.stdin, stderr }: Context, isNew: boolean): Promise<string> {
  const first = await askSecret(stdin, stderr, 'Passphrase');
  if (isNew && first !== (await askSecret(stdin, stderr, 'The same again'))) {
    throw new Problem('The two passphrases differ: nothing was written.');
  }
  return first;
}

/** The first line of a file that only its owner may read. */
async function inFile(path: string): Promise<string> {
  try {
    const { mode, size } = await stat(path);
    if ((mode & OTHERS) !== 0) throw new Problem(`Others may read ${shown(path)}: run chmod 600 on it.`);
    if (size > MAX_BYTES) throw new Problem(`${shown(path)} is too long for a passphrase.`);
    return (await readFile(path, 'utf8')).split(/\r?\n/, 1)[0] ?? '';
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem(`${shown(path)} cannot be read: ${reasonOf(cause)}.`);
  }
}
