import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from '../load.js';
import { rounded, textTable, type BenchOptions, type BenchResult } from '../result.js';
import { foldProfile, type CpuProfile } from './fold-profile.js';
import { RelayRig, SIZES } from './rig.js';

const CONNECTIONS = 32;
const WARM_UP_SECONDS = 2;
const SECONDS = 10;
/** Fine enough for lines of a few microseconds a request, coarse enough to slow the relay down by little. */
const INTERVAL_US = 200;
const SUFFIX = '.cpuprofile';

/** Where the CPU of a hop goes, line by line: shares of a profile of the relay under load, by kind of work. */
export async function benchProfile(_options: BenchOptions): Promise<BenchResult> {
  const tables: string[] = [];
  const figures: Record<string, number> = {};
  for (const { name, suffix, bytes } of SIZES) {
    const lines = foldProfile(await profileOf(bytes), SECONDS);
    const rows = lines.map(({ line, share, busiest }) => [line, `${(share * 100).toFixed(1)} %`, busiest.join(', ')]);
    tables.push(textTable([`CPU of a ${name} hop`, 'share', 'most of it in'], rows));
    for (const { line, share } of lines)
      figures[`profile_${line.replaceAll(/\W+/g, '_')}${suffix}_percent`] = rounded(share * 100);
  }
  return { table: tables.join('\n\n'), figures };
}

async function profileOf(bytes: number): Promise<CpuProfile> {
  const folder = mkdtempSync(join(tmpdir(), 'starling-profile-'));
  const flags = ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${INTERVAL_US}`];
  const rig = await RelayRig.start({ nodeFlags: flags });
  try {
    const { origin, path } = rig.ours;
    await load(origin, path, rig.onions(bytes), { connections: CONNECTIONS, seconds: WARM_UP_SECONDS + SECONDS });
    await rig.stopOurs();
    const file = readdirSync(folder).find((each) => each.endsWith(SUFFIX));
    if (file === undefined) throw new Error('the relay wrote no profile');
    return JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
  } finally {
    await rig.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
