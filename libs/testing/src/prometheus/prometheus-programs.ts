import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findBinary } from '../servers/find-binary.js';

const run = promisify(execFile);

/** 20 MB from a mirror that answers take seconds; who is offline must not wait long. */
const DOWNLOAD_TIMEOUT_MS = 60_000;

/** What Debian's package holds. */
export type PrometheusProgram = 'prometheus' | 'promtool';

/** A program as a path: installed, or unpacked from Debian's package. A sentence when there is no way to it. */
export async function findPrometheus(program: PrometheusProgram): Promise<{ path: string } | { missing: string }> {
  const installed = findBinary([program]);
  if (installed !== null) return { path: installed };
  // Unpacked here, and nothing installed.
  const cache = join(process.cwd(), 'node_modules/.cache/starling');
  const path = join(cache, 'prometheus/usr/bin', program);
  if (existsSync(path)) return { path };
  if (findBinary(['apt-get']) === null || findBinary(['dpkg']) === null)
    return { missing: `${program} is not installed and this is no Debian` };
  try {
    await unpackInto(cache);
    return { path };
  } catch (cause) {
    return { missing: `${program} is not installed and cannot be fetched: ${firstLine(cause)}` };
  }
}

/** In a folder of its own until it is whole: two runs may do this at a time. */
async function unpackInto(cache: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'download-'));
  try {
    await run('apt-get', ['-qq', 'download', 'prometheus'], { cwd: folder, timeout: DOWNLOAD_TIMEOUT_MS });
    const [archive = ''] = await readdir(folder);
    await run('dpkg', ['-x', archive, 'unpacked'], { cwd: folder, timeout: DOWNLOAD_TIMEOUT_MS });
    const unpacked = join(cache, 'prometheus');
    if (!existsSync(unpacked)) await rename(join(folder, 'unpacked'), unpacked);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const firstLine = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).split('\n', 1).join('');
