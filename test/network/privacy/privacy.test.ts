import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FileServer, startNetwork, startRedis, type TestNetwork, type TestRedis } from '#testing';
import { KEY_FILE } from '../../../apps/cli/src/devnet/units/credentials.js';
import { PinoLog } from '../../../libs/platform/src/log/pino-log.js';
import { call, firstOf } from '../rpc.js';
import { NETWORK_TIMEOUT_MS, TEST_TIMEOUT_MS } from '../timeouts.js';
import { Life } from './life.js';
import { Needles } from './needles.js';
import { adminPagesOf, logsOf, processesOf, redisRecords, secretsOf, Subjects, type Told } from './told.js';

const SWARMS = ['4000000000000000', 'c000000000000000'];
const NODES_IN_EACH = 3;

/** The whole life of a network, with every service at its most talkative, and then: who was seen? */
describe('what a network tells of the people who use it', () => {
  const needles = new Needles();
  let redis: TestRedis;
  let server: FileServer;
  let network: TestNetwork;
  let life: Life;
  let subjects: Subjects;
  beforeAll(async () => {
    [redis, server] = await Promise.all([startRedis(), FileServer.start()]);
    const swarms = SWARMS.flatMap((swarm) => Array.from({ length: NODES_IN_EACH }, () => swarm));
    const nodes = swarms.map((swarm, index) => ({ name: `node-${index + 1}`, swarm }));
    network = await startNetwork({
      networkFile: { nodes, outside_allow: [server.authority] },
      env: { STARLING_DEVNET_LOG_LEVEL: 'trace', STARLING_REDIS_URL: redis.url },
    });
    subjects = await Subjects.listen(network);
    life = new Life(network, server, needles);
    await life.run();
  }, NETWORK_TIMEOUT_MS);
  afterAll(async () => {
    await Promise.all([life.end(), subjects.end()]);
    await network.stop();
    await Promise.all([redis.stop(), server.stop()]);
  }, NETWORK_TIMEOUT_MS);

  const alive = () => network.nodes.filter(({ pids }) => isThere(pids.relay));
  const found = (told: readonly Told[]): string[] =>
    told.flatMap(({ where, text }) => needles.foundIn(text).map((what) => `${what} in ${where}`));

  it('had a life worth telling', () => {
    expect(life.answers).toEqual({
      'send for Bob': NODES_IN_EACH,
      'receive by Bob': 'the text',
      'send for Alice': NODES_IN_EACH,
      'receive by Alice': 'the text',
      'send of which Bob is told': NODES_IN_EACH,
      retrieve: '200 with 2',
      expire: 200,
      get_expiries: 200,
      revoke_subaccount: 200,
      delete: 200,
      delete_all: 200,
      'a signature of somebody else': 401,
      'another swarm': 421,
      'an old signature': 406,
      'a life that is too long': 403,
      nonsense: '400 400 400 400 400 404 400 400 200 200 200 200 200 404',
      'a server': 200,
      'no such host': 502,
      'an inner host': 200, // and the refusal is sealed. docs/protocol/onion.md §4.3.5
      'a node that is not listed': 502,
      'send after a member was killed': NODES_IN_EACH - 1,
    });
    expect(needles.size).toBeGreaterThan(500);
  });

  it('is nothing, in any log', async () => {
    const logs = await logsOf(network);
    for (const { where, text } of logs) {
      expect([where, text.length > 0]).toEqual([where, true]);
      expect(text.toString()).not.toContain('"level":"error"');
      expect(needles.portsIn(text.toString())).toEqual([]);
    }
    expect(found(logs)).toEqual([]);
  });

  (process.platform === 'linux' ? it : it.skip)('is no secret of a node, anywhere', async () => {
    const secrets = new Needles();
    for (const { what, value } of await secretsOf(network)) {
      secrets.text(what, value);
      if (what.startsWith(KEY_FILE)) secrets.bytes(what, Buffer.from(value, 'hex'));
    }
    const [processes, logs, pages] = await Promise.all([processesOf(alive()), logsOf(network), adminPagesOf(alive())]);
    expect(processes.some(({ text }) => text.includes('RELAY_KEY_FILE='))).toBe(true);
    expect(secrets.size).toBeGreaterThan(network.nodes.length);
    for (const { where, text } of [...processes, ...logs, ...pages, subjects.told]) {
      expect([where, secrets.foundIn(text)]).toEqual([where, []]);
    }
  });

  it('names no node either, in any log', async () => {
    const keys = network.nodes.flatMap(({ ed25519, x25519 }) => [ed25519, x25519]);
    const logs = (await logsOf(network)).map(({ text }) => text.toString().toLowerCase());
    expect(keys.filter((key) => logs.some((log) => log.includes(key)))).toEqual([]);
  });

  it(
    'is nothing, on any page of any admin port',
    async () => {
      const pages = await adminPagesOf(alive());
      expect(pages).toHaveLength(alive().length * 3 * 5);
      expect(found(pages)).toEqual([]);
    },
    TEST_TIMEOUT_MS,
  );

  it('is nothing, in the subjects that services use among themselves', () => {
    expect(subjects.told.text.toString()).toContain('storage.rpc');
    expect(found([subjects.told])).toEqual([]);
  });

  it('is nothing, in what Redis remembers of its commands', async () => {
    const records = await redisRecords(redis.client);
    expect(records.at(-1)?.text.toString()).toContain('name=storage');
    expect(found(records)).toEqual([]);
  });

  it('would have been found in a line of a log', () => {
    const lines: Buffer[] = [];
    const log = new PinoLog('relay', 'trace', { write: (line) => lines.push(Buffer.from(line)) });
    const { account, address } = firstOf(life.travellers);
    log.trace('leak', { reason: `no mailbox for ${account.id}` });
    log.trace('leak', { reason: `refused ${address}:40000` });
    log.trace('leak', { reason: Buffer.from(account.ed25519.publicKey).toString('base64') });
    expect(lines.map((line) => needles.foundIn(line))).toEqual([
      expect.arrayContaining(['the account of Alice', 'the X25519 key of Alice']),
      ['the address of Alice'],
      ['the Ed25519 key of Alice'],
    ]);
  });

  it('would have been found in a slow log of Redis, which is why it is off', async () => {
    await redis.client.config('SET', 'slowlog-log-slower-than', '0');
    const { account, client } = firstOf(life.travellers);
    const { id } = await client.swarmOf(account.id);
    const node = firstOf(alive().filter(({ swarmId }) => swarmId === id));
    expect((await call(node, 'retrieve', { pubkey: account.id, namespace: -10 })).status).toBe(200);
    expect(found(await redisRecords(redis.client))).toContain('the X25519 key of Alice in the slow log of Redis');
  });
});

function isThere(pid: number | null): boolean {
  try {
    return pid !== null && process.kill(pid, 0);
  } catch {
    return false;
  }
}
