import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePorts, SetClock, waitUntil } from '#testing';
import { post } from '../relay/https-client.js';
import { Load } from '../relay/load.js';
import { INFO_REPLY, NodeStub, answer } from '../relay/node-stub.js';
import { RelayProcess } from '../relay/relay-process.js';
import { VectorNetwork, accountOf, nodeVector, record, snapshotOf } from '../relay/vector-network.js';
import { DoorProcess } from './door-process.js';

const START_TIMEOUT_MS = 90_000;
const TEST_TIMEOUT_MS = 90_000;
const RPC_PATH = '/storage_rpc/v1';
const INFO = '{"method":"info","params":{}}';
const CLIENTS = { kept: 6, fresh: 2, onions: 4 };
/** Other addresses of this machine, which Linux has without being told. */
const RELAYS = ['127.0.0.2', '127.0.0.3'] as const;
const describeWithMoreAddresses = process.platform === 'linux' ? describe : describe.skip;

describeWithMoreAddresses('a door before two relays of one node', () => {
  let network: VectorNetwork;
  let node: NodeStub;
  let door: DoorProcess;
  let ports: { https: number; peer: number };
  const all: RelayProcess[] = [];
  /** The last one that was started at each address. */
  const serving = new Map<string, RelayProcess>();

  async function startRelay(host: string): Promise<RelayProcess> {
    const relay = await RelayProcess.start('exit', network.nats.url, {
      RELAY_BEHIND_DOOR: 'true',
      RELAY_HTTPS_HOST: host,
      RELAY_HTTPS_PORT: String(ports.https),
      RELAY_PEER_HOST: host,
      RELAY_PEER_PORT: String(ports.peer),
      RELAY_RPC_PER_SECOND: '0',
      RELAY_DRAIN_MS: '20000',
    });
    all.push(relay);
    serving.set(host, relay);
    return relay;
  }

  const relayAt = (host: string): RelayProcess => {
    const relay = serving.get(host);
    if (relay === undefined) throw new Error(`no relay at ${host}`);
    return relay;
  };

  beforeAll(async () => {
    network = await VectorNetwork.start(['entry'], undefined, ['exit']);
    node = await NodeStub.connect(network.nats.url, accountOf('exit'));
    node.answerer = () => answer(200, 'json', INFO_REPLY);
    const [https = 0, peer = 0] = await freePorts(2);
    ports = { https, peer };
    const began = await Promise.all(RELAYS.map(startRelay));
    door = await DoorProcess.start({
      DOOR_RELAYS: RELAYS.join(', '),
      DOOR_RELAY_HTTPS_PORT: String(https),
      DOOR_RELAY_PEER_PORT: String(peer),
      DOOR_DRAIN_MS: '2000',
    });
    const exit = record(nodeVector('exit'), { httpsPort: door.httpsPort, peerPort: door.peerPort });
    node.publish(snapshotOf([exit, record(nodeVector('entry'), {})]));
    await Promise.all([door.ready(), ...began.map((relay) => relay.ready()), network.publish([exit])]);
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await Promise.all([door.remove(), ...all.map((relay) => relay.remove())]);
    expect(network.faults()).toEqual([]);
    await Promise.all([node.close(), network.stop()]);
  });

  const load = (): Load => new Load(door.httpsPort, network.relay('entry').httpsPort, CLIENTS);

  const answersOf = async (relay: RelayProcess): Promise<number> =>
    Number(/^relay_rpc_total\{source="client",status="2xx"\} (\d+)$/m.exec(await relay.metrics())?.[1]);

  it(
    'shares the clients of one port among them',
    async () => {
      const before = await Promise.all([...serving.values()].map(answersOf));
      for (let i = 0; i < 10; i += 1) expect((await post(door.httpsPort, RPC_PATH, INFO)).status).toBe(200);
      const after = await Promise.all([...serving.values()].map(answersOf));
      expect(after.map((count, at) => count - (before[at] ?? 0))).toEqual([5, 5]);
      expect(await door.metric('door_relays')).toBe(2);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'fails no request when one of them is told to stop under load, and uses the one that takes its place',
    async () => {
      const clients = load();
      await clients.more();
      const [first] = RELAYS;
      const leaving = relayAt(first);
      leaving.signal('SIGTERM');
      expect(await leaving.ended).toBe(0);
      await clients.more();
      const next = await startRelay(first);
      const exit = record(nodeVector('exit'), { httpsPort: door.httpsPort, peerPort: door.peerPort });
      node.publish(snapshotOf([exit, record(nodeVector('entry'), {})], { height: 2 }));
      await next.ready();
      await waitUntil('answers of the new one', TEST_TIMEOUT_MS, async () =>
        expect(await answersOf(next)).toBeGreaterThan(10),
      );
      await clients.end();
      expect(clients.failures).toEqual([]);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'loses no more than what is under way when one of them is killed under load, and all go on with the other',
    async () => {
      const clients = load();
      await clients.more();
      const [, second] = RELAYS;
      relayAt(second).signal('SIGKILL');
      await relayAt(second).ended;
      await clients.more();
      const afterKill = clients.failures.length;
      await clients.more();
      await clients.end();
      expect(clients.failures.length).toBe(afterKill);
      expect(afterKill).toBeLessThanOrEqual(CLIENTS.kept + CLIENTS.fresh + CLIENTS.onions);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'lets connections end when it is told to stop, takes no new ones, and says nothing of anybody',
    async () => {
      const release: (() => void)[] = [];
      const arrived = new Promise<void>((resolve) => {
        node.answerer = () =>
          new Promise((reply) => {
            release.push(() => reply(answer(200, 'json', INFO_REPLY)));
            resolve();
          });
      });
      const running = post(door.httpsPort, RPC_PATH, INFO);
      await arrived;
      door.signal('SIGTERM');
      await waitUntil('its drain', TEST_TIMEOUT_MS, () => expect(door.said).toContain('ports_draining'));
      await expect(once(connect(door.httpsPort, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
      for (const go of release) go();
      expect((await running).status).toBe(200);
      expect(await door.ended).toBe(0);
      expect(door.said).not.toContain('"level":"error"');
      expect(door.said).not.toContain('127.0.0.1');
    },
    TEST_TIMEOUT_MS,
  );
});

describeWithMoreAddresses('a door before a relay that counts', () => {
  it(
    'has it count each client by its own address',
    async () => {
      const network = await VectorNetwork.start(['entry'], () => ({
        env: { RELAY_BEHIND_DOOR: 'true', RELAY_RPC_PER_SECOND: '1' },
        clock: new SetClock(), // it stands still: no token comes back
      }));
      const relay = network.relay('entry');
      const door = await DoorProcess.start({
        DOOR_RELAYS: 'localhost',
        DOOR_RELAY_HTTPS_PORT: String(relay.httpsPort),
        DOOR_RELAY_PEER_PORT: String(relay.peerPort),
      });
      try {
        await Promise.all([door.ready(), network.publish([record(nodeVector('middle'), {})])]);
        relay.node.answerer = () => answer(200, 'json', INFO_REPLY);
        const statuses: number[] = [];
        for (const localAddress of ['127.0.0.8', '127.0.0.8', '127.0.0.8', '127.0.0.9', '127.0.0.9']) {
          statuses.push((await post(door.httpsPort, RPC_PATH, INFO, { localAddress })).status);
        }
        expect(statuses).toEqual([200, 200, 429, 200, 200]);
      } finally {
        await door.remove();
        await network.stop();
      }
    },
    TEST_TIMEOUT_MS,
  );
});

describe('a door that cannot start', () => {
  it(
    'says what is wrong with its settings, and ends with 78',
    async () => {
      const door = await DoorProcess.start({ DOOR_RELAYS: 'a relay', DOOR_DRAIN_MS: 'long' });
      expect(await door.ended).toBe(78);
      expect(door.said.trim().split('\n').sort()).toEqual([
        expect.stringMatching(/^door: DOOR_DRAIN_MS: must be a whole number from 0 to 50000; /),
        expect.stringMatching(/^door: DOOR_RELAYS: must be host names or addresses; /),
      ]);
      await door.remove();
    },
    TEST_TIMEOUT_MS,
  );
});
