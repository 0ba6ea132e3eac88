import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ManualPage } from '../../manual/manual-page.js';
import { NETWORK_TIMEOUT_MS } from '../timeouts.js';

/** The network of the page has seven nodes and goes on until Ctrl-C; with four a path still has three hops. */
const SMALL = '-- --nodes 4 --once';

describe('README.md', () => {
  const page = ManualPage.read('README.md');
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'starling-readme-'));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  it(
    'begins with a command that delivers what it says',
    async () => {
      const [start] = page.take('npm start');
      const env = { ...process.env, NODE_OPTIONS: '', STARLING_HOME: home };
      const { stdout } = await promisify(execFile)('bash', ['-c', `${start} ${SMALL}`], {
        env,
        timeout: NETWORK_TIMEOUT_MS,
      });
      const printed = page.plain.map((text) => text.trim().split('\n').at(-1));
      expect(printed).toContain(stdout.trim().split('\n').at(-1));
      expect(stdout).toContain('delivered 2/2');
    },
    NETWORK_TIMEOUT_MS,
  );
});
