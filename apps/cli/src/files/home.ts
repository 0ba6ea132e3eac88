import { readdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** The name of the file that makes a folder a devnet. */
export const DEVNET_FILE = 'devnet.json';
const DEFAULT_DEVNET = 'devnet';

/** Where accounts and devnets are kept: STARLING_HOME, or `.starling` in the current folder. */
export function homeFolder(env: Environment): string {
  return resolve(env.STARLING_HOME ?? '.starling');
}

/** The folder of a devnet that was named, or of the default one. */
export function devnetFolder(env: Environment, named?: string): string {
  return named === undefined ? join(homeFolder(env), DEFAULT_DEVNET) : resolve(named);
}

/** Folders below the home that hold a devnet, running or not. */
export function knownDevnets(env: Environment): string[] {
  const home = homeFolder(env);
  try {
    return readdirSync(home, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(home, entry.name))
      .filter((folder) => readdirSync(folder).includes(DEVNET_FILE));
  } catch {
    return []; // no home yet
  }
}

/** A path as short as it can be said from here. */
export function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short && !short.startsWith('..') ? short : path;
}
