import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { homeFolder, knownDevnets } from '../files/home.js';
import { readDevnet } from '../devnet/devnet-file.js';
import { isRunning } from '../devnet/run/running.js';

const PREFIX = 'demo-';

/** A folder for one run of the demo; those of earlier runs that ended badly are removed. */
export async function newDemoFolder(env: NodeJS.ProcessEnv): Promise<string> {
  for (const dir of knownDevnets(env).filter((each) => basename(each).startsWith(PREFIX))) {
    const devnet = await readDevnet(dir).catch(() => null);
    if (devnet && !(await isRunning(devnet))) await rm(dir, { recursive: true, force: true });
  }
  return join(homeFolder(env), `${PREFIX}${randomBytes(3).toString('hex')}`);
}

/** True when another devnet runs, so that commands must say which one they mean. */
export async function othersRun(env: NodeJS.ProcessEnv, own: string): Promise<boolean> {
  for (const dir of knownDevnets(env).filter((each) => each !== own)) {
    const devnet = await readDevnet(dir).catch(() => null);
    if (devnet && (await isRunning(devnet))) return true;
  }
  return false;
}
