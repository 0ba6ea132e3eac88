import { existsSync, readFileSync } from 'node:fs';

/** The version in the package.json above this file, wherever the compiler put this file. */
export function ownVersion(): string {
  let folder = new URL('./', import.meta.url);
  for (;;) {
    const file = new URL('package.json', folder);
    if (existsSync(file)) return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
    const above = new URL('../', folder);
    if (above.href === folder.href) return 'unknown';
    folder = above;
  }
}
