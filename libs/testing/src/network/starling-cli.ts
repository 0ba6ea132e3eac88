import { execFile } from 'node:child_process';
import { compiledProgram } from '../compiled-program.js';

/** The longest thing a command does is to wait for a start. */
const TIMEOUT_MS = 120_000;

/** Runs one `starling` command and gives back what it printed with --json. */
export function starling(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const options = { timeout: TIMEOUT_MS, env: { ...env, NODE_OPTIONS: '' } };
    execFile(process.execPath, [compiledProgram('cli'), ...args, '--json'], options, (cause, stdout, stderr) => {
      if (cause) reject(new Error(`starling ${args.join(' ')}: ${stderr.trim() || cause.message}`));
      else resolve(JSON.parse(stdout));
    });
  });
}
