import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectNats, connectRedis, ServiceUnreachable } from '#platform';
import { findBinary, freePort, startNats, startRedis, type TestNats, type TestRedis } from '#testing';
import { answersPing, redisRecipe } from '../../../libs/testing/src/redis.js';
import type { ServerRecipe } from '../../../libs/testing/src/servers/server.js';
import { startServer, type RunningServer } from '../../../libs/testing/src/servers/start-server.js';
import { selfSigned } from '../self-signed.js';

const START_TIMEOUT_MS = 60_000;
const PATIENCE_MS = 2_000;
const SECRET = { user: 'node', password: 'secret' };
const REDIS = findBinary(redisRecipe({}).binaries);
const NATS = findBinary(['nats-server']);
/** A Redis may have been built without it: it says then that it does not know the setting. */
const isRedisWithTls =
  REDIS !== null &&
  spawnSync(REDIS, ['--port', '0', '--tls-port', '0'], { encoding: 'utf8' }).stdout.includes('not listen anywhere');

const problemOf = (attempt: Promise<unknown>): Promise<unknown> => attempt.catch((cause: unknown) => cause);
const unreachable = (sentence: RegExp) => ({
  name: 'ServiceUnreachable',
  message: expect.stringMatching(sentence) as unknown,
});

describe('a server that lets anybody in', () => {
  let redis: TestRedis;
  let nats: TestNats;
  let closedNats: TestNats;
  beforeAll(async () => {
    [redis, nats, closedNats] = await Promise.all([startRedis(), startNats(), startNats({ accounts: [SECRET] })]);
  }, START_TIMEOUT_MS);
  afterAll(() => Promise.all([redis.stop(), nats.stop(), closedNats.stop()]));

  const guarded = { ...SECRET, name: 'test', mustAskForPassword: true, patienceMs: PATIENCE_MS };

  it('is refused although we have a password for it, and taken when it begins to ask', async () => {
    const settings = { ...guarded, user: 'default', url: redis.url };
    expect(await problemOf(connectRedis(settings))).toMatchObject(
      unreachable(/^Redis at redis:\/\/127\.0\.0\.1:\d+ lets anybody in, without a password; set requirepass/),
    );
    await redis.client.config('SET', 'requirepass', SECRET.password);
    (await connectRedis(settings)).disconnect();
    await redis.client.config('SET', 'requirepass', '');
  });

  it('is refused on the bus too', async () => {
    expect(await problemOf(connectNats({ ...guarded, url: nats.url }))).toMatchObject(
      unreachable(/^NATS at nats:\/\/127\.0\.0\.1:\d+ lets anybody in, without a password; give it users/),
    );
    await (await connectNats({ ...guarded, url: closedNats.url })).close();
  });

  it('is fine where nothing else reaches it', async () => {
    (await connectRedis({ url: redis.url, name: 'test' })).disconnect();
    await (await connectNats({ url: nats.url, name: 'test' })).close();
  });
});

/** Certificates are files of this machine, so the servers are programs of it. */
(isRedisWithTls && NATS !== null ? describe : describe.skip)('servers that speak TLS', () => {
  let folder: string;
  let redis: RunningServer;
  let nats: RunningServer;
  let tlsPort: number;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tls-servers-'));
    const { certPem, keyPem } = selfSigned([{ iPAddress: '127.0.0.1' }]);
    writeFileSync(file('cert.pem'), certPem);
    writeFileSync(file('key.pem'), keyPem, { mode: 0o600 });
    writeFileSync(file('other.pem'), selfSigned([{ iPAddress: '127.0.0.1' }]).certPem);
    tlsPort = await freePort();
    const config = [
      `tls-port ${tlsPort}`,
      `tls-cert-file ${file('cert.pem')}`,
      `tls-key-file ${file('key.pem')}`,
      `tls-ca-cert-file ${file('cert.pem')}`,
      'tls-auth-clients no',
    ];
    [redis, nats] = await Promise.all([
      startServer(redisRecipe({ config }), answersPing, 'binaries'),
      startServer(natsWithTls(), answers, 'binaries'),
    ]);
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await Promise.all([redis.server.remove(), nats.server.remove()]);
    rmSync(folder, { recursive: true });
  });

  const file = (name: string): string => join(folder, name);
  const natsWithTls = (): ServerRecipe => ({
    binaries: ['nats-server'],
    image: '',
    containerPort: 0,
    configFile: 'nats.conf',
    config: ({ port, host }) =>
      [
        `listen: "${host}:${port}"`,
        'max_payload: 12MB',
        `authorization { user: ${SECRET.user}, password: ${SECRET.password} }`,
        `tls { cert_file: "${file('cert.pem')}", key_file: "${file('key.pem')}" }`,
      ].join('\n'),
    args: (path) => ['-c', path],
  });
  const toRedis = (caFile?: string, host = '127.0.0.1') =>
    connectRedis({
      url: `rediss://${host}:${tlsPort}`,
      name: 'test',
      prefix: 'TEST_',
      caFile,
      patienceMs: PATIENCE_MS,
    });
  const toNats = (caFile?: string, host = '127.0.0.1') =>
    connectNats({
      ...SECRET,
      url: `tls://${host}:${nats.port}`,
      name: 'test',
      prefix: 'TEST_',
      caFile,
      patienceMs: PATIENCE_MS,
    });

  it('are talked to when the certificate is that of the file', async () => {
    const client = await toRedis(file('cert.pem'));
    expect(client.stream).toMatchObject({ encrypted: true, authorized: true });
    expect(await client.ping()).toBe('PONG');
    client.disconnect();

    const bus = await toNats(file('cert.pem'));
    expect(bus.info?.tls_required).toBe(true);
    await bus.flush();
    await bus.close();
  });

  it.each([
    ['nobody signed', undefined, '127.0.0.1'],
    ['somebody else signed', 'other.pem', '127.0.0.1'],
    ['names another address', 'cert.pem', 'localhost'],
  ])('are refused at once with a certificate that %s', async (_what, name, host) => {
    const caFile = name === undefined ? undefined : file(name);
    const sentence = (server: string, setting: string) =>
      unreachable(
        new RegExp(
          `^${server} at \\w+://${host}:\\d+ shows a certificate that is not trusted \\([A-Z_]+\\); set ${setting}`,
        ),
      );
    expect(await problemOf(toRedis(caFile, host))).toMatchObject(sentence('Redis', 'TEST_REDIS_CA_FILE'));
    expect(await problemOf(toNats(caFile, host))).toMatchObject(sentence('NATS', 'TEST_NATS_CA_FILE'));
  });

  it('are not talked to without TLS', async () => {
    const plain = connectRedis({ url: `redis://127.0.0.1:${tlsPort}`, name: 'test', patienceMs: PATIENCE_MS });
    expect(await problemOf(plain)).toBeInstanceOf(ServiceUnreachable);
  });

  it('are told of a file that is not there, by its setting', async () => {
    const gone = file('gone.pem');
    const problem = (kind: string) => ({
      problems: [`TEST_${kind}_CA_FILE: the file cannot be read (ENOENT); point it to a certificate in PEM`],
    });
    expect(await problemOf(toRedis(gone))).toMatchObject(problem('REDIS'));
    expect(await problemOf(toNats(gone))).toMatchObject(problem('NATS'));
  });
});

/** Somebody listens. */
const answers = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connectTcp({ port, host: '127.0.0.1' });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
