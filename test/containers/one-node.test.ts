import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { anAccount, waitUntil } from '#testing';
import { request } from 'undici';
import { aStoreInOpenInbox, call, textsAt } from '../network/rpc.js';
import { Checkout } from './checkout.js';
import { Composition } from './composition.js';
import { describeWithEngine, docker, IMAGE, TEST_TIMEOUT_MS } from './engine.js';

/** Two rounds of 15 s, in which Prometheus looks for targets and then asks them. */
const SCRAPE_TIMEOUT_MS = 90_000;

/** Requests that a client may make at once. */
const BURST = 10;

interface Published {
  readonly [port: string]: readonly { readonly HostIp: string; readonly HostPort: string }[] | null;
}

describeWithEngine('docker compose up, in a fresh clone', () => {
  let checkout: Checkout;
  let node: Composition | undefined;
  const up = (): Composition => {
    if (node === undefined) throw new Error('there is no node');
    return node;
  };

  beforeAll(async () => {
    checkout = await Checkout.create();
    node = await Composition.create(checkout.dir, { RELAY_WORKERS: '2', RELAY_RPC_PER_SECOND: `${BURST / 2}` });
    await node.up();
  }, TEST_TIMEOUT_MS);
  afterAll(async () => {
    await node?.remove();
    await checkout.remove();
  }, TEST_TIMEOUT_MS);

  it(
    'gives a network of one, in which the doctor finds nothing wrong',
    async () => {
      const { code, stdout } = await up().tryCompose('run', '--rm', '-T', 'doctor', 'starling', ...doctor(), '--json');
      const { findings } = JSON.parse(stdout) as { findings: { check: string; level: string; says: string }[] };
      expect(findings.filter(({ level }) => level === 'fail' || level === 'warn')).toEqual([]);
      expect(code).toBe(0);
      const passed = findings.filter(({ level }) => level === 'pass').map(({ check }) => check);
      const wanted = [
        'key in list',
        'nats',
        'redis file',
        'redis policy',
        'relay',
        'storage',
        'swarm-manager',
        'public port',
        'door',
      ];
      expect(passed).toEqual(expect.arrayContaining(wanted));
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'keeps a message through a restart of everything, under the same key',
    async () => {
      const account = anAccount(0x51);
      expect((await call(up(), 'store', aStoreInOpenInbox(account, 'kept'))).status).toBe(200);
      const before = await up().compose('logs', '--no-log-prefix', 'prepare');
      await up().compose('down');
      await up().up();
      expect(await textsAt(up(), account)).toEqual(['kept']);
      expect(before).toContain("Made: the node's key");
      expect(await up().compose('logs', '--no-log-prefix', 'prepare')).not.toContain('Made');
    },
    TEST_TIMEOUT_MS,
  );

  it('hands settings in .env on to the services', async () => {
    expect(await up().compose('logs', 'relay')).toMatch(/"event":"worker_started"/);
  });

  it('publishes its two ports, and others on this machine alone', async () => {
    const open: string[] = [];
    for (const service of ['door', 'relay', 'storage', 'swarm-manager', 'redis', 'nats']) {
      const [container = ''] = await up().containersOf(service);
      const text = await docker(['inspect', '--format', '{{json .NetworkSettings.Ports}}', container]);
      const ports = Object.values(JSON.parse(text) as Published).flatMap((each) => each ?? []);
      open.push(...ports.filter(({ HostIp: ip }) => !ip.startsWith('127.')).map(({ HostPort: port }) => port));
      const { services } = JSON.parse(await up().compose('config', '--format=json')) as {
        services: Record<string, { ports?: unknown }>;
      };
      if (['redis', 'nats', 'storage', 'relay'].includes(service)) expect(services[service]?.ports).toBeUndefined();
    }
    const { https, peer } = up().ports;
    expect([...new Set(open)].sort()).toEqual([`${https}`, `${peer}`].sort());
  });

  it('lets nobody into Redis or NATS without credentials, from another container beside them', async () => {
    const script = await readFile(new URL('ask-servers.mjs', import.meta.url), 'utf8');
    const beside = ['run', '--rm', `--network=${up().name}_inside`, IMAGE, 'node', '--input-type=module', '-e', script];
    const { redis, nats } = JSON.parse(await docker(beside)) as Record<'redis' | 'nats', string[]>;
    expect(redis.map((answer) => answer.split(' ', 1)[0])).toEqual([
      '-NOAUTH',
      '-NOAUTH',
      '-WRONGPASS',
      '-WRONGPASS',
      '-WRONGPASS',
      '-NOAUTH',
    ]);
    for (const answer of nats) expect(answer).toMatch(/-ERR 'Authorization Violation'/);
  });

  it('counts each client by its own address, through the door', async () => {
    const script = await readFile(new URL('ask-door.mjs', import.meta.url), 'utf8');
    const around = [`--network=${up().name}_outside`, `--env=PORT=${up().ports.https}`];
    const client = (): Promise<string> =>
      docker(['run', '--rm', ...around, IMAGE, 'node', '--input-type=module', '-e', script]);
    for (const statuses of await Promise.all([client(), client()])) {
      const read = JSON.parse(statuses) as number[];
      expect(read.slice(0, BURST)).toEqual(Array(BURST).fill(200));
      expect(read.at(-1)).toBe(429);
    }
  });

  it('gives no container a password in its environment or command', async () => {
    const password = await up().compose(
      'exec',
      '-T',
      'storage',
      'node',
      '-p',
      "fs.readFileSync('/setup/redis/password','utf8').trim()",
    );
    expect(password.length).toBeGreaterThan(20);
    const containers = (await up().compose('ps', '--all', '--quiet')).split('\n');
    expect(await docker(['inspect', ...containers])).not.toContain(password);
    expect(await up().compose('logs')).not.toContain(password);
  });

  it('runs every service as an ordinary user with a root that cannot be written', async () => {
    const containers = (await up().compose('ps', '--quiet')).split('\n');
    const inspected = JSON.parse(await docker(['inspect', ...containers])) as {
      Config: { User: string };
      HostConfig: { ReadonlyRootfs: boolean; CapDrop: string[]; Memory: number; SecurityOpt: string[] };
    }[];
    expect(inspected).toHaveLength(6);
    for (const { Config: config, HostConfig: host } of inspected) {
      expect(config.User).toMatch(/^[1-9]\d*:1000$/);
      expect(host).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges:true'] });
      expect(host.Memory).toBeGreaterThan(0);
    }
  });

  it(
    'is watched by Prometheus with --profile monitoring: every target is up, and no alert fires',
    async () => {
      await up().compose('--profile=monitoring', 'up', '-d');
      const ask = async <T>(path: string): Promise<T> => {
        const answer = await request(`http://127.0.0.1:${up().ports.prometheus}/api/v1/${path}`);
        return ((await answer.body.json()) as { data: T }).data;
      };
      await waitUntil('targets', SCRAPE_TIMEOUT_MS, async () => {
        const { activeTargets } = await ask<{ activeTargets: { labels: { job: string }; health: string }[] }>(
          'targets',
        );
        const states = activeTargets.map(({ labels, health }) => `${labels.job} ${health}`).sort();
        expect(states).toEqual(['door up', 'relay up', 'storage up', 'swarm-manager up']);
      });
      await waitUntil('rules', SCRAPE_TIMEOUT_MS, async () => {
        const { groups } = await ask<{ groups: { rules: { health: string; lastEvaluation: string }[] }[] }>('rules');
        const rules = groups.flatMap((group) => group.rules);
        expect(rules.length).toBeGreaterThan(10);
        expect(new Set(rules.map(({ health }) => health))).toEqual(new Set(['ok']));
      });
      const { alerts } = await ask<{ alerts: { state: string; labels: { alertname: string } }[] }>('alerts');
      expect(alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname)).toEqual([]);
    },
    TEST_TIMEOUT_MS,
  );
});

/** The command of the service `doctor` in docker-compose.yml, which is given again because an option is added. */
function doctor(): string[] {
  const elsewhere = { relay: 9_101, storage: 9_102, 'swarm-manager': 9_103 };
  return ['doctor', ...Object.entries(elsewhere).map(([name, port]) => `--at=${name}=http://${name}:${port}`)];
}
