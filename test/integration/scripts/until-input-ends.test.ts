import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '#testing';

const RUN = pathToFileURL(join(import.meta.dirname, '../../../scripts/lib/run.mjs')).href;
const PATIENCE_MS = 20_000;
const TEST_TIMEOUT_MS = 60_000;
/** What the program ends with when it has taken back what it did. */
const IN_ORDER = 3;

/** Runs a program that has something to take back, and ends as it did. */
const RUNNER = `import { run } from '${RUN}';
const { code } = await run([process.execPath, 'program.mjs'], { untilInputEnds: true });
process.exit(code);
`;
const PROGRAM = `import { writeFileSync } from 'node:fs';
process.stdin.resume().once('end', () => {
  writeFileSync('taken-back', '');
  process.exit(process.env.STARLING_UNTIL_INPUT_ENDS === '1' ? ${IN_ORDER} : 1);
});
writeFileSync('begun', '');
`;

describe('a program that scripts run until its input ends', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'starling-script-'));
    await writeFile(join(folder, 'runner.mjs'), RUNNER);
    await writeFile(join(folder, 'program.mjs'), PROGRAM);
  });
  afterEach(() => rm(folder, { recursive: true }));

  const until = (name: string): Promise<void> =>
    waitUntil(name, PATIENCE_MS, () => expect(existsSync(join(folder, name))).toBe(true));

  it.each([
    ['SIGINT', IN_ORDER],
    ['SIGTERM', IN_ORDER],
    ['SIGKILL', null],
  ] as const)(
    'takes back what it did when the script gets %s',
    async (signal, code) => {
      const runner = spawn(process.execPath, ['runner.mjs'], { cwd: folder, stdio: 'ignore' });
      const ended = once(runner, 'exit');
      await until('begun');
      runner.kill(signal);
      await until('taken-back');
      expect((await ended)[0]).toBe(code);
    },
    TEST_TIMEOUT_MS,
  );
});
