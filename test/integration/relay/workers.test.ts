import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '#testing';
import { canReadMemory, isInMemoryOf } from '../memory-of.js';
import { openSocket, post } from './https-client.js';
import { Load } from './load.js';
import { INFO_REPLY, NodeStub, answer } from './node-stub.js';
import { RelayProcess } from './relay-process.js';
import { VectorNetwork, accountOf, nodeVector, record, snapshotOf } from './vector-network.js';

const START_TIMEOUT_MS = 90_000;
const TEST_TIMEOUT_MS = 90_000;
const RPC_PATH = '/storage_rpc/v1';
const INFO = '{"method":"info","params":{}}';
/** Held by the node at the same time. */
const REQUESTS = 6;

describe('a relay of two processes', () => {
  let network: VectorNetwork;
  let relay: RelayProcess;
  let node: NodeStub;
  beforeAll(async () => {
    network = await VectorNetwork.start(['entry'], undefined, ['exit']);
    node = await NodeStub.connect(network.nats.url, accountOf('exit'));
    relay = await RelayProcess.start('exit', network.nats.url, {
      RELAY_WORKERS: '2',
      RELAY_DRAIN_MS: '20000',
      RELAY_RPC_PER_SECOND: '0',
      RELAY_MAX_MBIT: '100000', // more than this machine can do
    });
    const exit = record(nodeVector('exit'), { httpsPort: relay.httpsPort, peerPort: relay.peerPort });
    node.publish(snapshotOf([exit, record(nodeVector('entry'), {})]));
    await Promise.all([relay.ready(), network.publish([exit])]);
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await relay.remove();
    expect(network.faults()).toEqual([]);
    await Promise.all([node.close(), network.stop()]);
  });

  /** Requests of clients answered so far, as a counter and a histogram have them. */
  async function answered(): Promise<number[]> {
    const text = await relay.metrics();
    const patterns = [
      /^relay_rpc_total\{source="client",status="2xx"\} (\d+)$/m,
      /^relay_rpc_seconds_count\{source="client"\} (\d+)$/m,
    ];
    return patterns.map((pattern) => Number(pattern.exec(text)?.[1]));
  }

  (canReadMemory(process.pid) ? it : it.skip)('has the node key in its workers alone, which need it', () => {
    const digits = nodeVector('exit').ed25519_seed;
    const key = Buffer.from(digits, 'hex');
    expect(relay.workers.map((worker) => isInMemoryOf(worker, [key]))).toEqual([true, true]);
    expect(isInMemoryOf(relay.pid, [key, Buffer.from(digits), Buffer.from(key.toString('base64'))])).toBe(false);
  });

  it('has one admin port, with the metrics of both', async () => {
    expect(relay.workers).toHaveLength(2);
    await relay.expectMetric(/^relay_workers 2$/m);
    await relay.expectMetric(/^relay_line_limit_bytes 12500000000$/m); // a half each
    await relay.expectMetric(/^relay_onions_total\{source="peer",outcome="final",enc_type="xchacha20"\} 0$/m);
    expect(relay.events.filter((event) => event === 'worker_started')).toHaveLength(2);
  });

  it(
    'fails no request when one of them is told to stop under load, and replaces it',
    async () => {
      const load = new Load(relay.httpsPort, network.relay('entry').httpsPort, { kept: 6, onions: 4 });
      await load.more();
      const [first = 0] = relay.workers;
      relay.signal('SIGTERM', first);
      await waitUntil('its end', TEST_TIMEOUT_MS, () => expect(relay.workers).not.toContain(first));
      await waitUntil('another one', TEST_TIMEOUT_MS, () => relay.expectMetric(/^relay_workers 2$/m));
      await load.more();
      await load.end();
      expect(load.failures).toEqual([]);
      await relay.expectMetric(/^relay_worker_restarts_total 1$/m);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'replaces one that is killed, and forgets nothing of what it counted',
    async () => {
      const [first = 0] = relay.workers;
      const before = await answered();
      relay.signal('SIGKILL', first);
      await waitUntil('another one', TEST_TIMEOUT_MS, () => relay.expectMetric(/^relay_worker_restarts_total 2$/m));
      await relay.ready();
      expect(relay.workers).not.toContain(first);
      expect(await answered()).toEqual(before);
      expect((await post(relay.httpsPort, RPC_PATH, INFO)).status).toBe(200);
      expect(await answered()).toEqual(before.map((count) => count + 1));
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'answers all that it has in its hands when it is told to stop, and ends with 0',
    async () => {
      const release: (() => void)[] = [];
      const arrived = new Promise<void>((resolve) => {
        node.answerer = () =>
          new Promise((reply) => {
            release.push(() => reply(answer(200, 'json', INFO_REPLY)));
            if (release.length === REQUESTS) resolve();
          });
      });
      const running = Array.from({ length: REQUESTS }, () => post(relay.httpsPort, RPC_PATH, INFO));
      await arrived;
      const half = await openSocket(relay.httpsPort, `POST ${RPC_PATH} HTTP/1.1\r\nHost: x\r\n`);
      relay.signal('SIGTERM');
      const draining = (): number => relay.events.filter((event) => event === 'public_port_draining').length;
      await waitUntil('both to drain', TEST_TIMEOUT_MS, () => expect(draining()).toBeGreaterThanOrEqual(2 + 1));
      await expect(post(relay.httpsPort, RPC_PATH, INFO)).rejects.toThrow('ECONNREFUSED');
      node.answerer = () => answer(200, 'json', INFO_REPLY);
      expect(await half.finish('Content-Length: 0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /);
      for (const go of release) go();
      expect((await Promise.all(running)).map(({ status }) => status)).toEqual(Array(REQUESTS).fill(200));
      expect(await relay.ended).toBe(0);
      expect(relay.said).not.toContain('"level":"error"');
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'tells a wrong setting once, and ends as one process does',
    async () => {
      const wrong = await RelayProcess.start('exit', network.nats.url, {
        RELAY_WORKERS: '2',
        RELAY_KEY_FILE: '/nowhere',
        RELAY_LOG_LEVEL: 'warn',
      });
      expect(await wrong.ended).toBe(78);
      expect(wrong.said).toBe(
        'relay: RELAY_KEY_FILE: the key file does not exist; make one with: starling keys new --out FILE\n',
      );
      await wrong.remove();
    },
    TEST_TIMEOUT_MS,
  );
});
