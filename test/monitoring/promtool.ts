import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findBinary } from '#testing';

const run = promisify(execFile);

/** Unpacked here, and nothing installed. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/starling', import.meta.url));
const UNPACKED = join(CACHE, 'prometheus');
/** 20 MB from a mirror that answers take seconds; who is offline must not wait long. */
const DOWNLOAD_TIMEOUT_MS = 60_000;
/** The rules are read in milliseconds, and their cases in a second. */
const RUN_TIMEOUT_MS = 60_000;

/** Prometheus' tool as a path: installed, or unpacked from Debian's package. A sentence when there is no way to it. */
export async function findPromtool(): Promise<{ path: string } | { missing: string }> {
  const installed = findBinary(['promtool']);
  if (installed !== null) return { path: installed };
  const path = join(UNPACKED, 'usr/bin/promtool');
  if (existsSync(path)) return { path };
  if (findBinary(['apt-get']) === null || findBinary(['dpkg']) === null)
    return { missing: 'promtool is not installed and this is no Debian' };
  try {
    await unpack();
    return { path };
  } catch (cause) {
    return { missing: `promtool is not installed and cannot be fetched: ${firstLine(cause)}` };
  }
}

/** Its whole output. Throws with that output when it ends with another code than 0. */
export async function promtool(path: string, ...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run(path, [...args], { timeout: RUN_TIMEOUT_MS });
  return stdout + stderr;
}

/** In a folder of its own until it is whole: two runs may do this at a time. */
async function unpack(): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, 'download-'));
  try {
    await run('apt-get', ['-qq', 'download', 'prometheus'], { cwd: folder, timeout: DOWNLOAD_TIMEOUT_MS });
    const [archive = ''] = await readdir(folder);
    await run('dpkg', ['-x', archive, 'unpacked'], { cwd: folder, timeout: DOWNLOAD_TIMEOUT_MS });
    if (!existsSync(UNPACKED)) await rename(join(folder, 'unpacked'), UNPACKED);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const firstLine = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).split('\n', 1).join('');
