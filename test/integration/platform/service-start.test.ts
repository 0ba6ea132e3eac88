import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ServiceProcess, startNats, startRedis, waitUntil, type TestNats, type TestRedis } from '#testing';

const START_TIMEOUT_MS = 60_000;
/** One of them waits 15 s for a Redis that is not there. */
const SERVICE_TIMEOUT_MS = 60_000;

const linesOf = ({ said }: ServiceProcess): string[] => said.split('\n').filter((line) => line !== '');

describe('a service that is started', () => {
  let folder: string;
  let nats: TestNats;
  let redis: TestRedis;
  let good: Record<string, string>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'service-'));
    [nats, redis] = await Promise.all([startNats(), startRedis()]);
    const keyFile = join(folder, 'node.key');
    writeFileSync(keyFile, '0f'.repeat(32), { mode: 0o600 });
    good = {
      STORAGE_KEY_FILE: keyFile,
      STORAGE_NATS_URL: nats.url,
      STORAGE_REDIS_URL: redis.url,
      STORAGE_ADMIN_PORT: '0',
    };
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await Promise.all([nats.stop(), redis.stop()]);
    rmSync(folder, { recursive: true });
  });

  /** Code and lines of a start that fails. */
  async function failure(
    changes: Readonly<Record<string, string>>,
    name: 'storage' | 'swarm-manager' = 'storage',
  ): Promise<{ code: number | null; lines: string[] }> {
    const service = new ServiceProcess(name, { ...(name === 'storage' ? good : {}), ...changes });
    const code = await service.ended;
    const lines = linesOf(service);
    for (const line of lines) expect(line).not.toMatch(/^\s+at /);
    return { code, lines };
  }

  it(
    'tells all that is wrong with its settings at once, and ends with 78',
    async () => {
      const wrong = { STORAGE_KEY_FILE: '', STORAGE_MIN_COPIES: 'two', STORAGE_REDIS_PASWORD: 'secret' };
      const { code, lines } = await failure(wrong);
      expect(code).toBe(78);
      expect(lines.sort()).toEqual([
        'storage: STORAGE_KEY_FILE: is not set; set it (file with the node key (64 hex digits, mode 0600))',
        'storage: STORAGE_MIN_COPIES: must be a whole number from 1 to 10; correct it (members that must hold a message before a store counts as done)',
        'storage: STORAGE_REDIS_PASWORD: there is no such setting; remove it, or did you mean STORAGE_REDIS_PASSWORD?',
      ]);
    },
    SERVICE_TIMEOUT_MS,
  );

  it(
    'says in one sentence what is wrong with its key file',
    async () => {
      const keyFiles = [
        ['missing', null, 0o600, 'the key file does not exist; make one with: starling keys new --out FILE'],
        ['.', null, 0o700, 'the key file is no plain file; point it to one'],
        ['open', '0f'.repeat(32), 0o644, 'others may read the key file; run chmod 600 on it'],
        [
          'short',
          '0f',
          0o600,
          'the key file must hold 64 hex digits, the Ed25519 seed of the node; correct it or make another',
        ],
      ] as const;
      const starts = keyFiles.map(async ([name, text, mode, sentence]) => {
        const path = join(folder, name);
        if (text !== null) writeFileSync(path, text, { mode });
        expect(await failure({ STORAGE_KEY_FILE: path })).toEqual({
          code: 78,
          lines: [`storage: STORAGE_KEY_FILE: ${sentence}`],
        });
      });
      await Promise.all(starts);
    },
    SERVICE_TIMEOUT_MS,
  );

  it(
    'takes no key from its settings, and repeats none',
    async () => {
      const seed = '0f'.repeat(32);
      expect(await failure({ STORAGE_KEY: seed })).toEqual({
        code: 78,
        lines: ['storage: STORAGE_KEY: there is no such setting; remove it, or did you mean STORAGE_KEY_FILE?'],
      });
      expect(await failure({ STORAGE_KEY_FILE: seed })).toEqual({
        code: 78,
        lines: [
          'storage: STORAGE_KEY_FILE: holds a key itself, for all to see who see settings; put that into a file and name it',
        ],
      });
    },
    SERVICE_TIMEOUT_MS,
  );

  it(
    'does not run with what shows its memory or prints what it handles',
    async () => {
      expect(await failure({ NODE_OPTIONS: '--report-on-signal', NODE_DEBUG: 'net' })).toMatchObject({
        code: 78,
        lines: expect.arrayContaining([
          'storage: --report-on-signal: shows what is in memory, the node key too; start without it, also in NODE_OPTIONS',
          'storage: NODE_DEBUG: prints what comes in and goes out, people and keys too; remove it',
        ]) as unknown,
      });
    },
    SERVICE_TIMEOUT_MS,
  );

  it(
    'opens no inspector to whoever sends a signal',
    async () => {
      const service = new ServiceProcess('storage', good);
      await waitUntil('the start', SERVICE_TIMEOUT_MS, () => expect(service.said).toContain('"event":"started"'));
      service.signal('SIGUSR1');
      service.signal('SIGTERM');
      expect(await service.ended).toBe(0);
      expect(service.said).not.toContain('Debugger');
    },
    SERVICE_TIMEOUT_MS,
  );

  it(
    'says what the swarm-manager cannot work with, before it waits for a list',
    async () => {
      const manager = {
        SWARM_MANAGER_KEY_FILE: good.STORAGE_KEY_FILE ?? '',
        SWARM_MANAGER_NATS_URL: nats.url,
        SWARM_MANAGER_ADMIN_PORT: '0',
        SWARM_MANAGER_NETWORK: 'club',
        SWARM_MANAGER_STATE_DIR: join(folder, 'state'),
        SWARM_MANAGER_LIST: join(folder, 'network.json'),
        SWARM_MANAGER_ADMINS: 'ab'.repeat(32),
      };
      const wrong = { SWARM_MANAGER_ADMINS_REQUIRED: '2', SWARM_MANAGER_LIST: 'ftp://lists.example/list' };
      const settings = failure({ ...manager, ...wrong }, 'swarm-manager');
      const inFile = join(good.STORAGE_KEY_FILE ?? '', 'state');
      const state = failure({ ...manager, SWARM_MANAGER_STATE_DIR: inFile }, 'swarm-manager');
      expect(await settings).toEqual({
        code: 78,
        lines: [
          'swarm-manager: SWARM_MANAGER_LIST: must be a path, or begin with http:// or https://; correct it (path or http(s) address of the signed node list)',
          'swarm-manager: SWARM_MANAGER_ADMINS_REQUIRED: must not be more than there are keys in SWARM_MANAGER_ADMINS; correct it (how many of them must have signed)',
        ],
      });
      expect(await state).toEqual({
        code: 78,
        lines: [
          'swarm-manager: SWARM_MANAGER_STATE_DIR: the directory cannot be made or written (ENOTDIR); make it writable for this user, or name another',
        ],
      });
    },
    SERVICE_TIMEOUT_MS,
  );

  it(
    'says in one sentence that Redis or a port cannot be had, and ends with 1',
    async () => {
      const withoutRedis = failure({ STORAGE_REDIS_URL: 'redis://one:secret@127.0.0.1:1' });
      const inTheWay = createServer();
      await once(inTheWay.listen(0, '127.0.0.1'), 'listening');
      const { port } = inTheWay.address() as AddressInfo;
      const { code, lines } = await failure({ STORAGE_ADMIN_PORT: String(port) });
      inTheWay.close();
      expect(code).toBe(1);
      expect(lines.at(-1)).toBe(
        `storage: 127.0.0.1:${port} is in use; stop what listens there, or change STORAGE_ADMIN_PORT`,
      );
      expect(await withoutRedis).toEqual({
        code: 1,
        lines: [
          'storage: Redis at redis://127.0.0.1:1 does not answer (ECONNREFUSED); start it, or correct STORAGE_REDIS_URL',
        ],
      });
    },
    2 * SERVICE_TIMEOUT_MS,
  );

  it(
    'refuses a Redis that may throw messages away',
    async () => {
      await redis.client.config('SET', 'maxmemory-policy', 'allkeys-lru');
      const { code, lines } = await failure({});
      await redis.client.config('SET', 'maxmemory-policy', 'noeviction');
      expect(code).toBe(1);
      expect(lines).toEqual([
        'storage: Redis may evict messages (maxmemory-policy allkeys-lru); set maxmemory-policy noeviction',
      ]);
    },
    SERVICE_TIMEOUT_MS,
  );

  it(
    'is live and not ready before it knows the network, has metrics, and ends in order when it is asked to',
    async () => {
      const service = new ServiceProcess('storage', good);
      const port = await waitUntil('the start', SERVICE_TIMEOUT_MS, () => {
        const started = linesOf(service).map((line) => JSON.parse(line) as { event: string; port: number });
        return started.find(({ event }) => event === 'started')?.port ?? Promise.reject(new Error('not yet'));
      });
      const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`);
      expect((await get('/health/live')).status).toBe(200);
      const ready = await get('/health/ready');
      expect(ready.status).toBe(503);
      expect(await ready.json()).toEqual({
        status: 'not ready',
        problems: { membership: 'no membership yet; is the swarm-manager running?' },
      });
      const metrics = await (await get('/metrics')).text();
      expect(metrics).toMatch(/^storage_stores_total\{outcome="new"\} 0$/m);
      expect(metrics).toMatch(/^service_ready 0$/m);

      service.signal('SIGTERM');
      expect(await service.ended).toBe(0);
      const events = linesOf(service).map((line) => (JSON.parse(line) as { event: string }).event);
      expect(events.slice(-2)).toEqual(['stopping', 'stopped']);
    },
    SERVICE_TIMEOUT_MS,
  );
});
