import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { findBinary, freePort, waitUntil } from '#testing';
import type { Manifests } from '../../manifests/manifests.js';
import { renderAll } from '../../manifests/rendered.js';

const run = promisify(execFile);

const START_TIMEOUT_MS = 30_000;
const CHECK_TIMEOUT_MS = 10_000;
const PASSWORD = '5e1b75d819cf40b6802b70df9befb69f';

const rendered = await renderAll();
const lacking = ['redis-server', 'redis-cli', 'nats-server'].filter((program) => findBinary([program]) === null);
const why = 'missing' in rendered ? rendered.missing : lacking.map((program) => `no ${program}`).join(', ');
const itCan = why === '' ? it : it.skip;
const prefix = why === '' ? '' : `(${why}) `;

const manifestsOf = (folder: 'overlays/single-node' | 'overlays/ha'): Manifests => {
  if ('missing' in rendered) throw new Error(rendered.missing);
  return rendered[folder];
};

/** What the container of a server gets when its password is this one. */
function environmentOf(manifests: Manifests, name: string, password: string): Record<string, string> {
  const [container] = manifests.workload(name).pod.containers;
  const variables: Record<string, string> = {};
  for (const { name: variable, value, valueFrom } of container?.env ?? []) {
    const given = valueFrom?.secretKeyRef === undefined ? `${name}-0` : password; // its other source is the pod's name
    variables[variable] = value?.replace(/\$\((\w+)\)/g, (_whole, other: string) => variables[other] ?? '') ?? given;
  }
  return variables;
}

describe(`${prefix}NATS, as the manifests start it`, () => {
  itCan.each(
    ['overlays/single-node', 'overlays/ha'].flatMap((folder) =>
      ['5e1b', '12345', '1k', 'true', PASSWORD].map((password) => [folder, password] as const),
    ),
  )(
    'understands its file in %s when the password is %s',
    async (folder, password) => {
      const manifests = manifestsOf(folder as 'overlays/ha');
      const map = manifests.of('ConfigMap').find(({ data }) => data?.['nats.conf'] !== undefined);
      const dir = await mkdtemp(join(tmpdir(), 'starling-nats-'));
      try {
        const file = join(dir, 'nats.conf');
        await writeFile(file, map?.data?.['nats.conf'] ?? '');
        const env = { ...process.env, ...environmentOf(manifests, 'nats', password) };
        const { stderr } = await run('nats-server', ['-t', '-c', file], { env, timeout: CHECK_TIMEOUT_MS });
        expect(stderr).toContain('configuration file');
      } finally {
        await rm(dir, { recursive: true, force: true });
      }
    },
    CHECK_TIMEOUT_MS,
  );
});

describe(`${prefix}Redis, as the manifests start it`, () => {
  let dir = '';
  let port = 0;
  let child: ReturnType<typeof spawn> | undefined;
  let client: Redis | undefined;
  let start = (): Promise<void> => Promise.reject(new Error('Redis was not started'));
  const env = { ...process.env, REDISCLI_AUTH: PASSWORD };

  beforeAll(async () => {
    if (why !== '') return;
    dir = await mkdtemp(join(tmpdir(), 'starling-redis-'));
    port = await freePort();
    const [container] = manifestsOf('overlays/ha').workload('redis').pod.containers;
    const [script = ''] = container?.args ?? [];
    const here = script.replace('--dir /data', `--dir ${dir} --port ${port} --bind 127.0.0.1`);
    start = async () => {
      child = spawn('sh', ['-c', here], { env, stdio: 'ignore' });
      client = new Redis({ port, username: 'starling', password: PASSWORD });
      client.on('error', () => undefined); // it is not there yet
      await waitUntil('Redis', START_TIMEOUT_MS, () => client?.ping());
    };
    await start();
  }, START_TIMEOUT_MS);

  afterAll(async () => {
    if (client?.status !== 'end') client?.disconnect();
    child?.kill('SIGKILL');
    if (dir !== '') await rm(dir, { recursive: true, force: true });
  });

  itCan('answers its probes, with the password that the pod has and with no other', async () => {
    const [container] = manifestsOf('overlays/ha').workload('redis').pod.containers;
    const [program = '', ...options] = container?.readinessProbe?.exec?.command ?? [];
    const here = options.map((option) => option.replace('redis-cli', `redis-cli -p ${port}`));
    await run(program, here, { env, timeout: CHECK_TIMEOUT_MS });
    const wrong = { ...env, REDISCLI_AUTH: 'another' };
    await expect(run(program, here, { env: wrong, timeout: CHECK_TIMEOUT_MS })).rejects.toThrow();
  });

  itCan('lets storage do what it needs, and nothing else', async () => {
    // Two writes, which stand in the append-only file as a transaction.
    const script = "#!lua\nredis.call('SET', KEYS[1], ARGV[1])\nreturn redis.call('SET', KEYS[2], ARGV[1])";
    expect(await client?.eval(script, 2, 'starling:{x}:a', 'starling:{x}:b', 'c')).toBe('OK');
    expect(await client?.config('GET', 'appendfsync')).toEqual(['appendfsync', 'always']);
    expect(await client?.info()).toMatch(/^maxmemory_policy:noeviction/m);
    await expect(client?.get('another')).rejects.toThrow('NOPERM');
    await expect(client?.flushall()).rejects.toThrow('NOPERM');
    await expect(client?.config('SET', 'appendfsync', 'no')).rejects.toThrow('NOPERM');
    const { REDISCLI_AUTH: _password, ...nobody } = env;
    const { stdout } = await run('redis-cli', ['-p', String(port), 'ping'], { env: nobody, timeout: CHECK_TIMEOUT_MS });
    expect(stdout).toMatch(/^NOAUTH/);
  });

  itCan('ends in order when its pod is told to go', async () => {
    if (child === undefined) throw new Error('Redis was not started');
    client?.disconnect(); // or it would look for Redis again
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  itCan(
    'has after a restart what a script wrote',
    async () => {
      await start();
      expect(await client?.mget('starling:{x}:a', 'starling:{x}:b')).toEqual(['c', 'c']);
    },
    START_TIMEOUT_MS,
  );
});
