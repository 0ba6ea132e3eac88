import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { compiledProgram, starling, startNats, waitUntil, type TestNats } from '#testing';
import { ManualPage } from '../manual/manual-page.js';
import { NETWORK_TIMEOUT_MS } from './timeouts.js';

interface Status {
  readonly running: boolean;
  readonly nodes: readonly { readonly name: string; readonly state: string; readonly pids: readonly number[] }[];
}

describe('starling devnet', () => {
  const page = ManualPage.read('docs/operators/devnet.md');
  let home: string;
  let dir: string[];
  let nats: TestNats | undefined;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'starling-devnet-'));
    dir = ['--dir', join(home, 'net')];
  });
  afterEach(async () => {
    await run('devnet', 'down', ...dir).catch(() => undefined);
    await rm(home, { recursive: true, force: true });
    await nats?.stop();
  }, NETWORK_TIMEOUT_MS);

  const run = (...args: string[]): Promise<unknown> => starling(args, { ...process.env, STARLING_HOME: home });
  const status = async (): Promise<Status> => (await run('devnet', 'status', ...dir)) as Status;

  it(
    'is the same network when it is started again, and other commands use it',
    async () => {
      for (const name of ['alice', 'bob']) await run('account', 'new', name);
      await run('devnet', 'up', '--nodes', '3', '--detach', ...dir);
      await run('send', 'bob', 'still here?', '--as', 'alice', ...dir);
      await run('devnet', 'stop', 'node-2', ...dir);
      expect((await status()).nodes.map(({ state }) => state)).toEqual(['ready', 'stopped', 'ready']);

      await run('devnet', 'down', ...dir);
      expect((await status()).running).toBe(false);
      await run('devnet', 'up', '--detach', ...dir);
      expect((await status()).nodes.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready']);
      expect(await run('receive', '--as', 'bob', ...dir)).toMatchObject({ messages: [{ text: 'still here?' }] });
      await expect(run('devnet', 'up', '--detach', ...dir)).rejects.toThrow(/runs already: `starling devnet status`/);
    },
    2 * NETWORK_TIMEOUT_MS,
  );

  it(
    'takes a NATS of ours, and ends with whoever started it, also when nobody is left to read what it says',
    async () => {
      const infoFile = join(home, 'info.json');
      nats = await startNats({ accounts: ['1', '2'].map((n) => ({ user: `node${n}`, password: `secret${n}` })) });
      const command = [
        ...page
          .take('STARLING_NATS_URL')
          .map((line) =>
            line
              .replaceAll(':4222', `:${nats?.port ?? 0}`)
              .replace(' starling ', ` "${process.execPath}" "${compiledProgram('cli')}" `),
          ),
        ...['--until-input-ends', '--info-file', infoFile, ...dir],
      ].join(' ');
      const up = spawn('bash', ['-c', command], { stdio: ['pipe', 'ignore', 'pipe'] });
      const ended = once(up, 'exit');
      const info = await waitUntil('the network', NETWORK_TIMEOUT_MS, () => readFile(infoFile, 'utf8'));
      expect(JSON.parse(info)).toMatchObject({ nats_url: expect.stringContaining(`:${nats.port}`) as unknown });
      const { nodes } = await status();
      expect(nodes.map(({ state }) => state)).toEqual(['ready', 'ready']);
      up.stderr.destroy();
      up.stdin.destroy();
      expect(await ended).toEqual([0, null]);
      expect((await status()).running).toBe(false);
      for (const pid of nodes.flatMap(({ pids }) => pids)) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    },
    NETWORK_TIMEOUT_MS,
  );

  it(
    'says in one sentence why a node does not start, and leaves nothing behind',
    async () => {
      const inTheWay = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => inTheWay.once('listening', resolve));
      const { port } = inTheWay.address() as AddressInfo;
      const file = join(home, 'network-file.json');
      await writeFile(file, JSON.stringify({ nodes: [{ name: 'a', https_port: port }, { name: 'b' }] }));
      try {
        const attempt = run('devnet', 'up', '--network-file', file, ...dir);
        await expect(attempt).rejects.toThrow(`127.0.0.1:${port} is in use`);
        await expect(attempt).rejects.not.toThrow(/^\s+at /m);
      } finally {
        inTheWay.close();
      }
      expect((await status()).running).toBe(false);
    },
    NETWORK_TIMEOUT_MS,
  );
});
