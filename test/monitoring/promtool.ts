import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The rules are read in milliseconds, and their cases in a second. */
const RUN_TIMEOUT_MS = 60_000;

/** The whole output of Prometheus' tool. Throws with that output when it ends with another code than 0. */
export async function promtool(path: string, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(path, [...args], { timeout: RUN_TIMEOUT_MS });
  return stdout + stderr;
}
