import { existsSync, readFileSync } from 'node:fs';

/** Of this program: the version in the package.json above this file, wherever the compiler put it. */
export function ownVersion(from: URL = new URL(import.meta.url)): string {
  for (let folder = new URL('./', from); ; folder = new URL('../', folder)) {
    const file = new URL('package.json', folder);
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
    if (folder.pathname === '/') return 'unknown';
  }
}
