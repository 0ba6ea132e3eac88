import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeSignedList, makeNextList, NodeKey, noblePrimitives, signNetworkList } from '#protocol';
import { freePort, MovedClock, startNetwork, startRedis } from '#testing';
import type { TestNetwork, TestRedis } from '#testing';
import { readDevnet, runningNodes } from '../../apps/cli/src/devnet/devnet-file.js';
import type { Devnet } from '../../apps/cli/src/devnet/devnet-file.js';
import { serviceSettings } from '../../apps/cli/src/devnet/units/service-environment.js';
import type { Finding } from '../../apps/cli/src/doctor/finding.js';
import { runCli } from '../../apps/cli/src/program.js';

const START_TIMEOUT_MS = 180_000;
const EXAMINATION_TIMEOUT_MS = 60_000;
const DAY_MS = 86_400_000;
const ADMIN = NodeKey.fromSeed(new Uint8Array(32).fill(0xad), noblePrimitives);

type Env = Record<string, string>;

interface Examined {
  readonly code: number;
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  readonly of: (level: Finding['level']) => string[];
}

interface Conditions {
  readonly argv?: readonly string[];
  readonly aheadMs?: number;
}

describe('starling doctor, on a node of a running network', () => {
  let network: TestNetwork;
  let devnet: Devnet;
  let healthy: Env;
  let redis: TestRedis;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'starling-doctor-'));
    [network, redis] = await Promise.all([startNetwork({ nodes: 3 }), startRedis({ config: ['maxmemory 100mb'] })]);
    const read = await readDevnet(network.dir);
    const [first] = read === null ? [] : runningNodes(read);
    if (read === null || first === undefined) throw new Error('the network has no plan');
    devnet = read;
    healthy = {
      ...serviceSettings(devnet, first),
      STORAGE_REDIS_URL: redis.url,
      STORAGE_REDIS_USER: '',
      STORAGE_REDIS_PASSWORD_FILE: '',
    };
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await Promise.all([network.stop(), redis.stop(), rm(folder, { recursive: true, force: true })]);
  }, START_TIMEOUT_MS);

  async function examine(env: Env, { argv = [], aheadMs = 0 }: Conditions = {}): Promise<Examined> {
    let stdout = '';
    const clock = new MovedClock();
    clock.aheadMs = aheadMs;
    const code = await runCli(['doctor', '--min-free', '1', ...argv, '--json'], {
      env,
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: () => undefined },
      clock,
    });
    const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: Finding[] };
    const of = (level: Finding['level']): string[] =>
      findings.filter((finding) => finding.level === level).map(({ check }) => check);
    return { code, ok, findings, of };
  }

  /** The key of the node in a file with other rights, or another key. */
  async function keyFile(mode: number, seed?: string): Promise<Env> {
    const path = join(folder, `${mode}-${seed === undefined ? 'same' : 'other'}.key`);
    if (seed === undefined) await copyFile(String(healthy.RELAY_KEY_FILE), path);
    else await writeFile(path, seed);
    await chmod(path, mode);
    return { RELAY_KEY_FILE: path, STORAGE_KEY_FILE: path, SWARM_MANAGER_KEY_FILE: path };
  }

  /** The nodes of the network in a list of another administrator. */
  async function listThat(expiresInMs: number, peerPort?: number): Promise<Env> {
    const nowMs = Date.now();
    const put = devnet.nodes.map(({ ed25519, ip, httpsPort, peerPort: listed }) => {
      return { ed25519, ip, httpsPort, peerPort: peerPort ?? listed, state: 'active' as const };
    });
    const made = { network: devnet.network, seed: 'ab'.repeat(32), issuedMs: nowMs - 2 * DAY_MS };
    const wanted = { ...made, expiresMs: nowMs + expiresInMs, swarms: 'compose' as const };
    const { text } = makeNextList(noblePrimitives, null, { put }, wanted);
    const signatures = [signNetworkList(noblePrimitives, text, ADMIN.ed25519)];
    const path = join(folder, `list-${expiresInMs}.json`);
    await writeFile(path, encodeSignedList({ listText: text, signatures }));
    return { SWARM_MANAGER_LIST: path, SWARM_MANAGER_ADMINS: ADMIN.id };
  }

  async function redisThat(...setting: [string, string]): Promise<Env> {
    await redis.client.config('SET', ...setting);
    return {};
  }

  it(
    'finds nothing wrong with a healthy one, and what a peer says of its port',
    async () => {
      const examined = await examine(healthy);
      expect(examined.findings.filter(({ level }) => level === 'fail')).toEqual([]);
      expect(examined).toMatchObject({ code: 0, ok: true });
      expect(examined.of('pass')).toEqual(
        expect.arrayContaining([
          ...['settings', 'files', 'key', 'list', 'key in list', 'nats', 'redis', 'redis policy', 'redis file'],
          ...['relay', 'storage', 'swarm-manager', 'address', 'public port', 'peer port', 'clock', 'version', 'disk'],
        ]),
      );
    },
    EXAMINATION_TIMEOUT_MS,
  );

  it(
    'looks at one service alone where what the others need is not at hand, as in its container',
    async () => {
      const inside = { ...healthy, STORAGE_KEY_FILE: '', SWARM_MANAGER_KEY_FILE: '' };
      expect(new Set((await examine(inside)).of('fail'))).toEqual(new Set(['settings']));
      const examined = await examine(inside, { argv: ['--only', 'relay'] });
      expect(examined).toMatchObject({ code: 0, ok: true });
      expect(examined.of('pass')).toEqual(expect.arrayContaining(['settings', 'files', 'key', 'nats', 'relay']));
      for (const service of ['storage', 'swarm-manager', 'redis policy', 'list']) {
        expect(examined.of('pass')).not.toContain(service);
      }
    },
    EXAMINATION_TIMEOUT_MS,
  );

  const faults: [string, string, RegExp, RegExp, () => Promise<Env>, Conditions?][] = [
    ['a key that others may read', 'key', /others may read/, /chmod 600/, () => keyFile(0o644)],
    [
      'a key that is not listed',
      'key in list',
      /no node with this key/,
      /starling network add/,
      () => keyFile(0o600, 'cd'.repeat(32)),
    ],
    [
      'a misspelt setting',
      'settings',
      /RELAY_DRIAN_MS: there is no such/,
      /did you mean RELAY_DRAIN_MS/,
      () => Promise.resolve({ RELAY_DRIAN_MS: '1' }),
    ],
    [
      'a missing setting',
      'settings',
      /SWARM_MANAGER_ADMINS: is not set/,
      /set it/,
      () => Promise.resolve({ SWARM_MANAGER_ADMINS: '' }),
    ],
    [
      'a Redis that evicts',
      'redis policy',
      /allkeys-lru/,
      /set maxmemory-policy noeviction/,
      () => redisThat('maxmemory-policy', 'allkeys-lru'),
    ],
    [
      'a Redis without a file',
      'redis file',
      /restart of Redis loses/,
      /set appendonly yes/,
      () => redisThat('appendonly', 'no'),
    ],
    [
      'a wrong password of Redis',
      'redis',
      /refuses the user or password/,
      /STORAGE_REDIS_PASSWORD/,
      () => Promise.resolve({ STORAGE_REDIS_USER: 'nobody', STORAGE_REDIS_PASSWORD: 'wrong' }),
    ],
    [
      'a NATS that is down',
      'nats',
      /does not answer/,
      /start it, or correct RELAY_NATS_URL/,
      async () => {
        const url = `nats://127.0.0.1:${await freePort()}`;
        return { RELAY_NATS_URL: url, STORAGE_NATS_URL: url, SWARM_MANAGER_NATS_URL: url };
      },
    ],
    ['a list that has expired', 'list', /list 1 expired on/, /starling network renew/, () => listThat(-DAY_MS)],
    [
      'a clock that is off',
      'clock',
      /60\.\d s ahead of the median of 2 nodes/,
      /NTP/,
      () => Promise.resolve({}),
      { aheadMs: 60_500 },
    ],
    [
      'a disk without room',
      'disk',
      /MiB are free/,
      /make room/,
      () => Promise.resolve({}),
      { argv: ['--min-free', '900000000'] },
    ],
    [
      'a password that others may read',
      'files',
      /which has a password in it/,
      /chmod 600/,
      async () => {
        const path = join(folder, 'open.password');
        await writeFile(path, await readFile(String(healthy.RELAY_NATS_PASSWORD_FILE)), { mode: 0o644 });
        return { RELAY_NATS_PASSWORD_FILE: path };
      },
    ],
  ];
  it.each(faults.map(([name, ...rest]) => [name, rest] as const))(
    'names %s, with its remedy',
    async (_name, [check, says, remedy, seed, conditions]) => {
      const examined = await examine({ ...healthy, ...(await seed()) }, conditions);
      await redis.client.config('SET', 'maxmemory-policy', 'noeviction', 'appendonly', 'yes');
      expect(examined).toMatchObject({ code: 1, ok: false });
      expect(new Set(examined.of('fail'))).toEqual(new Set([check]));
      const failed = examined.findings.find(({ level }) => level === 'fail');
      expect(failed?.says).toMatch(says);
      expect(failed?.remedy).toMatch(remedy);
    },
    EXAMINATION_TIMEOUT_MS,
  );

  it(
    'says of a node that is down which ports nobody reaches, and what could not be asked',
    async () => {
      await network.nodes[0]?.stop();
      const { code, of, findings } = await examine(healthy);
      expect(code).toBe(1);
      expect(of('fail')).toEqual(['public port', 'peer port']);
      expect(of('warn')).toEqual(expect.arrayContaining(['relay', 'storage', 'swarm-manager']));
      const peerPort = findings.find(({ check }) => check === 'peer port');
      expect(peerPort?.says).toMatch(/2 of 2 nodes asked do not reach 127\.0\.0\.1:\d+/);
      expect(peerPort?.remedy).toMatch(/open port \d+ and forward it/);
    },
    EXAMINATION_TIMEOUT_MS,
  );
});
