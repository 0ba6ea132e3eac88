import { readdir, readFile, stat } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import type { NodeFacts } from '../config/node-facts.js';
import { Problem, reasonOf, systemCodeOf } from '../problems.js';

/** Certificates and a signed list; more is somebody's mistake. */
const MAX_FILE_BYTES = 64 * 1_024 * 1_024;
const MAX_FILES = 1_000;
/** A file that is being written, to take the place of another. */
const UNFINISHED = /\.next$/;

export const KEY_NAME = 'node.key';

/** A file of a node by its name in a backup. */
export interface NodeFile {
  readonly name: string;
  readonly path: string;
}

/** What is in the state folders. Throws Problem for what cannot be read. */
export async function stateFilesOf({ stateFolders }: NodeFacts): Promise<NodeFile[]> {
  const found: NodeFile[] = [];
  for (const { setting, path } of stateFolders) {
    for (const inside of await filesIn(path))
      found.push({ name: `${folderName(setting)}/${inside}`, path: join(path, inside) });
  }
  if (found.length > MAX_FILES)
    throw new Problem(`The state folders hold more than ${MAX_FILES} files: is that the right folder?`);
  return found;
}

/** Where a file of a backup belongs by these settings; none where they do not name its folder. Throws Problem for a name that leads elsewhere. */
export function placesOf({ stateFolders, keys }: NodeFacts, name: string): string[] {
  if (name === KEY_NAME) return [...new Set(keys.map(({ path }) => path))];
  const [folder = '', ...rest] = name.split('/');
  const inside = normalize(rest.join(sep));
  if (rest.length === 0 || inside.startsWith('..') || inside.startsWith(sep)) {
    throw new Problem(`The backup holds a file with an odd name (${name}).`);
  }
  return stateFolders.filter(({ setting }) => folderName(setting) === folder).map(({ path }) => join(path, inside));
}

/** Null when there is none. Throws Problem for one that cannot be read. */
export async function readNodeFile(path: string): Promise<Buffer | null> {
  try {
    if ((await stat(path)).size > MAX_FILE_BYTES) throw new Problem(`${path} is too large for a file of ours.`);
    return await readFile(path);
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return null;
    if (cause instanceof Problem) throw cause;
    throw new Problem(`${path} cannot be read: ${reasonOf(cause)}.`);
  }
}

/** `RELAY_STATE_DIR` is `relay`. */
const folderName = (setting: string): string =>
  setting
    .replace(/_STATE_DIR$/, '')
    .toLowerCase()
    .replaceAll('_', '-');

async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true, recursive: true });
    return entries
      .filter((entry) => entry.isFile() && !UNFINISHED.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, sep).length));
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return []; // the service has not been started yet
    throw new Problem(`${folder} cannot be read: ${reasonOf(cause)}.`);
  }
}
