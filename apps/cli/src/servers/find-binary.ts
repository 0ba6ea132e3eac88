import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian puts servers where the PATH of ordinary users does not look. */
const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/sbin'];

/** The first of these programs that is installed, as a path, or null. */
export function findBinary(path: string | undefined, names: readonly string[]): string | null {
  const folders = [...(path ?? '').split(delimiter).filter(Boolean), ...SERVER_FOLDERS];
  for (const name of names) {
    for (const folder of folders) {
      const candidate = join(folder, name);
      try {
        accessSync(candidate, constants.X_OK);
        return candidate;
      } catch {
        // not here
      }
    }
  }
  return null;
}
