import { readIfThere, replaceFile } from '../files/private-file.js';

/** Writes a file unless it says the same already; `replace` decides who may read it. True when it was written. */
export async function keepText(path: string, text: string, replace = replaceFile): Promise<boolean> {
  if ((await readIfThere(path)) === text) return false;
  await replace(path, text);
  return true;
}
