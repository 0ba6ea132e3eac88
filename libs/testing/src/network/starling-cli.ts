import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The longest thing a command does is to wait for a start. */
const TIMEOUT_MS = 120_000;

/** The compiled command; tests of whole networks run what users run. Throws when nothing is built. */
export function cliPath(): string {
  const path = join(process.cwd(), 'dist/apps/cli/src/main.js');
  if (existsSync(path)) return path;
  throw new Error('the network tests run the compiled programs: npm test builds them, or npm run build');
}

/** Runs one `starling` command and gives back what it printed with --json. */
export function starling(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const options = { timeout: TIMEOUT_MS, env: { ...env, NODE_OPTIONS: '' } };
    execFile(process.execPath, [cliPath(), ...args, '--json'], options, (cause, stdout, stderr) => {
      if (cause) reject(new Error(`starling ${args.join(' ')}: ${stderr.trim() || cause.message}`));
      else resolve(JSON.parse(stdout));
    });
  });
}
