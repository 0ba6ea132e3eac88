import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anAccount, startNetwork, waitUntil, type TestNetwork, type TestNode } from '#testing';
import { runCli } from '../../apps/cli/src/program.js';
import { loseAll, planOf } from './node-plan.js';
import { aStoreInOpenInbox, call, firstOf, textsAt } from './rpc.js';
import { NETWORK_TIMEOUT_MS, RECOVERY_TIMEOUT_MS, TEST_TIMEOUT_MS } from './timeouts.js';

interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface StatusObject {
  readonly ready: boolean;
  readonly services: readonly { service: string; state: string; pid: number | null; memory_bytes: number | null }[];
  readonly standing: Readonly<Record<string, unknown>> | null;
  readonly rates: Readonly<Record<string, number | null>> | null;
  readonly redis: Readonly<Record<string, number>> | null;
}

describe('what an operator asks of a running node', () => {
  let network: TestNetwork;
  let node: TestNode;
  beforeAll(async () => {
    network = await startNetwork({ nodes: 2, separate: true });
    node = firstOf(network.nodes);
  }, NETWORK_TIMEOUT_MS);
  afterAll(() => network.stop(), NETWORK_TIMEOUT_MS);

  async function starling(
    argv: readonly string[],
    hear: (text: string) => void = () => undefined,
    env: NodeJS.ProcessEnv = {},
  ): Promise<Said> {
    const said = { stdout: '', stderr: '' };
    const write = (text: string): void => {
      said.stdout += text;
      hear(said.stdout);
    };
    const stderr = { write: (text: string) => (said.stderr += text) };
    return { code: await runCli(argv, { env, stdout: { write }, stderr }), ...said };
  }

  const adminUrls = (): string[] => Object.values(node.info.admin_urls ?? {});

  it(
    'shows how it stands and what it does',
    async () => {
      const { code, stdout } = await starling(['status', '--dir', network.dir, '--json']);
      const { ready, services, standing, rates, redis } = JSON.parse(stdout) as StatusObject;
      expect({ code, ready }).toEqual({ code: 0, ready: true });
      expect(services.map(({ service, pid }) => [service, pid])).toEqual([
        ['relay', node.pids.relay],
        ['storage', node.pids.storage],
        ['swarm-manager', node.pids.swarm_manager],
      ]);
      for (const { memory_bytes: bytes } of services) expect(bytes).toBeGreaterThan(1_000_000);
      expect(standing).toMatchObject({ state: 'active', swarm_id: node.swarmId, swarm_members: 2, nodes: 2 });
      expect(rates).toMatchObject({ onions_of_clients: 0, refused: 0 });
      expect(redis?.used_bytes).toBeGreaterThan(0);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'looks again until it is told to end, knows services by their ports alone, and counts what clients do',
    async () => {
      const screens: StatusObject[] = [];
      const watching = starling(
        ['status', '--admin', ...adminUrls(), '--watch', '--every', '1', '--json'],
        (stdout) => {
          screens.splice(
            0,
            Infinity,
            ...stdout
              .trim()
              .split('\n')
              .map((line) => JSON.parse(line) as StatusObject),
          );
        },
      );
      await waitUntil('a rate', RECOVERY_TIMEOUT_MS, async () => {
        await call(node, 'store', aStoreInOpenInbox(anAccount(0x51), `at ${Date.now()}`));
        expect(screens.at(-1)?.rates?.stores).toBeGreaterThan(0);
      });
      process.emit('SIGINT');
      expect((await watching).code).toBe(0);
      expect(
        screens
          .at(-1)
          ?.services.map(({ service }) => service)
          .toSorted(),
      ).toEqual(['relay', 'storage', 'swarm-manager']);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'says of a service that is gone that it does not answer, and of the others why they are not ready',
    async () => {
      await node.kill('swarm_manager');
      const { code, stdout } = await starling(['status', '--dir', network.dir, '--node', node.name]);
      expect(code).toBe(1);
      expect(stdout).toMatch(/^node +no standing: the swarm-manager does not answer$/m);
      expect(stdout).toMatch(/^swarm-manager +does not answer$/m);
      expect(stdout).toMatch(/^swarm-manager: ECONNREFUSED$/m);
      expect(stdout).toMatch(/^relay +ready/m);
      await node.start();
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'copies it while it works, and brings it back with its key and messages after all is lost',
    async () => {
      const planned = await planOf(network, node.name);
      const pass = join(network.dir, 'pass');
      const copy = join(network.dir, 'node.backup');
      await writeFile(pass, 'correct horse', { mode: 0o600 });
      const account = anAccount(0x52);
      const texts = Array.from({ length: 20 }, (_, number) => `message ${number}`);
      for (const text of texts) expect((await call(node, 'store', aStoreInOpenInbox(account, text))).status).toBe(200);
      const over = new AbortController();
      const writing = (async () => {
        while (!over.signal.aborted)
          await call(node, 'store', aStoreInOpenInbox(anAccount(0x53), `during ${Date.now()}`));
      })();
      const secret = ['--passphrase-file', pass];
      expect(await starling(['backup', '--out', copy, ...secret], undefined, planned.env)).toMatchObject({ code: 0 });
      over.abort();
      await writing;
      const refused = await starling(['restore', copy, ...secret], undefined, planned.env);
      expect(refused.stderr).toMatch(/The relay runs .*: stop the node before its data are restored/);

      await node.stop();
      await loseAll(planned);
      planned.redis.disconnect();
      expect(await starling(['restore', copy, ...secret], undefined, planned.env)).toMatchObject({ code: 0 });
      await node.start();
      expect((await textsAt(node, account)).toSorted()).toEqual(texts.toSorted());
      expect((await textsAt(node, anAccount(0x53))).length).toBeGreaterThan(0);
      expect((await call(node, 'store', aStoreInOpenInbox(account, 'again'))).status).toBe(200);
    },
    TEST_TIMEOUT_MS,
  );

  it.each([
    [['--dir', 'x', '--admin', 'y'], 2, /Say once which node/],
    [['--admin', 'ftp://x'], 2, /is no address of an admin port/],
    [['--node', 'node-9'], 2, /has no node node-9: it has node-1, node-2/],
  ])('refuses %j', async (argv, code, words) => {
    const where = argv.includes('--node') ? ['--dir', network.dir] : [];
    const said = await starling(['status', ...argv, ...where]);
    expect(said).toMatchObject({ code, stderr: expect.stringMatching(words) as unknown });
  });
});
