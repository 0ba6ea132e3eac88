import { existsSync } from 'node:fs';
import { join } from 'node:path';

export type App = 'cli' | 'door' | 'relay' | 'storage' | 'swarm-manager';

/** The compiled program of an app; tests of processes run what operators run. Throws when nothing is built. */
export function compiledProgram(app: App): string {
  const path = join(process.cwd(), `dist/apps/${app}/src/main.js`);
  if (existsSync(path)) return path;
  throw new Error('tests of processes run the compiled programs: npm test builds them, or npm run build');
}
