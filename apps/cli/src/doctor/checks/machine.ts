import { access, constants, readFile, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { reasonOf, systemCodeOf } from '../../problems.js';
import { fail, pass, skip, warn } from '../finding.js';
import type { Finding } from '../finding.js';
import type { NodeFacts } from '../../config/node-facts.js';

const OTHERS = 0o077;
const MEBIBYTE = 1_048_576;
/** Clients, streams and peers each hold a file open; below this a busy relay refuses them. */
const ENOUGH_FILES = 8_192;
/** With fewer a quiet node runs out already: connections of peers, Redis, NATS and files of its own. */
const TOO_FEW_FILES = 1_024;

/** Files with passwords are for their owner alone, and state folders can be written. */
export async function checkFiles({ secrets, stateFolders }: NodeFacts): Promise<Finding[]> {
  const bad = await Promise.all([
    ...secrets.map(({ setting, path }) => secretFinding(setting, path)),
    ...stateFolders.map(({ setting, path }) => folderFinding(setting, path)),
  ]);
  const findings = bad.filter((finding) => finding !== null);
  return findings.length > 0 ? findings : [pass('files', 'secrets are closed to others, state folders can be written')];
}

async function secretFinding(setting: string, path: string): Promise<Finding | null> {
  try {
    const { mode } = await stat(path);
    if ((mode & OTHERS) === 0) return null;
    return fail('files', `others may read ${path}, which has a password in it`, `run chmod 600 ${path}`);
  } catch (cause) {
    return fail('files', `${path} cannot be read: ${reasonOf(cause)}`, `correct ${setting}`);
  }
}

/** A folder that is not there yet is made at the first start. */
async function folderFinding(setting: string, path: string): Promise<Finding | null> {
  try {
    await access(await nearest(path), constants.W_OK | constants.X_OK);
    return null;
  } catch (cause) {
    const remedy = `make it writable for the user of the service, or name another in ${setting}`;
    return fail('files', `${path} cannot be written: ${reasonOf(cause)}`, remedy);
  }
}

/** The folder itself, or the first above it that exists. */
async function nearest(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch (cause) {
    if (systemCodeOf(cause) !== 'ENOENT' || dirname(path) === path) throw cause;
    return nearest(dirname(path));
  }
}

/** Room for state and for the append-only file of Redis. */
export async function checkDisks(folders: readonly string[], minFreeMib: number): Promise<Finding[]> {
  if (folders.length === 0) return [skip('disk', 'no folder of this node is on this machine')];
  return Promise.all(
    [...new Set(folders)].map(async (folder) => {
      try {
        const { bavail, bsize } = await statfs(await nearest(folder));
        const freeMib = Math.floor((bavail * bsize) / MEBIBYTE);
        const says = `${freeMib} MiB are free for ${folder}`;
        const remedy = `make room or a larger disk: at least ${minFreeMib} MiB (--min-free) should be free`;
        return freeMib < minFreeMib ? fail('disk', says, remedy) : pass('disk', says);
      } catch (cause) {
        return skip('disk', `${folder} cannot be looked at: ${reasonOf(cause)}`);
      }
    }),
  );
}

/**
 * How many files a process may open: of the running relay when its metrics say so, otherwise of one started from here,
 * which the service manager may see differently.
 */
export async function checkOpenFiles(relayMetrics: string | null): Promise<Finding> {
  const [, ofRelay] = /^process_max_fds (\d+)/m.exec(relayMetrics ?? '') ?? [];
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const [, ofOurs] = /^Max open files\s+(\d+)/m.exec(limits) ?? [];
  const allowed = ofRelay ?? ofOurs;
  if (allowed === undefined) return skip('open files', 'this system does not tell the limit');
  const says = `${ofRelay === undefined ? 'a process started from here' : 'the relay'} may open ${allowed} files`;
  const remedy = `raise the limit to ${ENOUGH_FILES} or more (LimitNOFILE of systemd, ulimit -n, ulimits of Compose)`;
  if (Number(allowed) < TOO_FEW_FILES) return fail('open files', says, remedy);
  return Number(allowed) < ENOUGH_FILES ? warn('open files', says, remedy) : pass('open files', says);
}
