import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { INVALID_SWARM_ID } from '#protocol';
import { call, openSocket, post, type RawSocket } from './https-client.js';
import { answer } from './node-stub.js';
import { VectorNetwork, nodeVector, record, snapshotOf } from './vector-network.js';

const INFO = '{"method":"info","params":{}}';
/** A NATS server and a relay, on a busy machine. */
const START_TIMEOUT_MS = 30_000;
const HALF = 'POST /storage_rpc/v1 HTTP/1.1\r\nHost: x\r\n';
const REST = 'Content-Length: 0\r\n\r\n';
const WHOLE = HALF + REST;

describe('a relay that is not ready', () => {
  let network: VectorNetwork;
  let port: number;

  beforeAll(async () => {
    network = await VectorNetwork.start(['entry']);
    port = network.relay('entry').httpsPort;
  }, START_TIMEOUT_MS);
  afterAll(() => expect(network.faults()).toEqual([]));

  const expectRefusal = async (reason: string): Promise<void> => {
    for (const path of ['/onion_req/v2', '/storage_rpc/v1']) {
      const reply = await post(port, path, INFO);
      expect([reply.status, reply.reason, reply.text]).toEqual([
        503,
        'Service Unavailable',
        `Service node is not ready: ${reason}\n`,
      ]);
      expect([reply.headers.server, reply.headers['content-type']]).toEqual([
        'Oxen Storage Server/2.8.0',
        'text/plain',
      ]);
    }
  };

  it('tells its version all the same, and refuses other paths as ever', async () => {
    expect((await call(port, 'GET', '/get_stats/v1')).status).toBe(200);
    expect((await post(port, '/nope', '')).text).toBe('post /nope Not Found');
  });

  it.each([
    ['notready.unstaked: is in no list', [record(nodeVector('middle'), {})], {}, 'not in any swarm'],
    [
      'notready.decommissioned: is decommissioned',
      [record(nodeVector('entry'), { state: 'decommissioned', swarmId: INVALID_SWARM_ID })],
      {},
      'not in any swarm',
    ],
    ['is in an old network', [record(nodeVector('entry'), {})], { hardfork: [19, 2] }, 'not yet on hardfork 19.3'],
    ['has two reasons', [], { hardfork: [18, 9] }, 'not yet on hardfork 19.3; not in any swarm'],
  ] as const)('%s', async (_name, nodes, changes, reason) => {
    await network.publishExactly(snapshotOf(nodes, changes));
    await expectRefusal(reason);
  });

  it('serves as soon as the list has it, without a restart', async () => {
    await network.publish();
    expect((await post(port, '/storage_rpc/v1', INFO)).status).toBe(200);
  });

  it('serves whoever is connected when it is told to stop, refuses in words at the end, and closes', async () => {
    const { node, log } = network.relay('entry');
    let release = (): void => undefined;
    const arrived = new Promise<void>((resolve) => {
      node.answerer = () => {
        resolve();
        return new Promise((reply) => (release = () => reply(answer(200, 'text', 'late'))));
      };
    });
    const running = post(port, '/storage_rpc/v1', INFO);
    await arrived;
    const [early, late] = await Promise.all([openSocket(port, HALF), openSocket(port, HALF)]);
    const idle = await openIdle(port);
    const refusing = log.nextEvent('public_port_refusing');
    const stopped = network.stop();
    await expect(post(port, '/storage_rpc/v1', INFO)).rejects.toThrow('ECONNREFUSED');
    node.answerer = () => answer(200, 'text', 'served');
    for (const socket of [early, idle]) {
      const served = await socket.finish(socket === idle ? WHOLE : REST);
      expect(served).toMatch(/^HTTP\/1\.1 200 [^]*\r\nConnection: close\r\n[^]*\r\n\r\nserved$/);
    }
    await refusing;
    expect(await late.finish(REST)).toMatch(
      /^HTTP\/1\.1 503 [^]*\r\nConnection: close\r\n[^]*\r\n\r\nService node is not ready: shutting down\n$/,
    );
    release();
    const reply = await running;
    expect([reply.status, reply.text, reply.headers.connection]).toEqual([200, 'late', 'close']);
    await stopped;
  });
});

describe('a relay that stops after its storage', () => {
  let network: VectorNetwork;
  beforeAll(async () => {
    network = await VectorNetwork.start(['entry']);
    await network.publish();
  }, START_TIMEOUT_MS);
  afterAll(() => expect(network.faults()).toEqual([]));

  it('H11: says so to whoever is still connected', async () => {
    const { node, log, httpsPort } = network.relay('entry');
    const waiting = await openSocket(httpsPort, HALF);
    await node.stopStorage();
    const draining = log.nextEvent('public_port_draining');
    const stopped = network.stop();
    await draining;
    expect(await waiting.finish(REST)).toMatch(/^HTTP\/1\.1 503 [^]*Service node is not ready: shutting down\n$/);
    await stopped;
  });
});

describe('a relay that stops with several requests of one connection in its hands', () => {
  it('answers all of them, and closes with the last', async () => {
    const network = await VectorNetwork.start(['entry']);
    await network.publish();
    const { node, log, httpsPort } = network.relay('entry');
    const release: (() => void)[] = [];
    const arrived = new Promise<void>((resolve) => {
      node.answerer = () =>
        new Promise((reply) => {
          const words = `answer ${release.length}`;
          if (release.push(() => reply(answer(200, 'text', words))) === 3) resolve();
        });
    });
    const socket = await openSocket(httpsPort, WHOLE + WHOLE + WHOLE);
    await arrived;
    const draining = log.nextEvent('public_port_draining');
    const stopped = network.stop();
    await draining;
    const received = socket.finish('');
    for (const go of release.toReversed()) go();
    expect((await received).match(/answer \d|Connection: close/g)).toEqual([
      'answer 0',
      'answer 1',
      'Connection: close',
      'answer 2',
    ]);
    await stopped;
    expect(network.faults()).toEqual([]);
  });
});

describe('a relay that stops while somebody says nothing', () => {
  it('does not wait for the end of a handshake beyond its time', async () => {
    const network = await VectorNetwork.start(['entry'], () => ({
      limits: { handshakeMs: 600_000 },
      env: { RELAY_DRAIN_MS: '200' },
    }));
    const { httpsPort, peerPort } = network.relay('entry');
    const silent = [httpsPort, peerPort].map((each) => connectTcp(each, '127.0.0.1').on('error', () => undefined));
    const cut = silent.map((socket) => once(socket, 'close'));
    await Promise.all(silent.map((socket) => once(socket, 'connect')));
    await (await openIdle(httpsPort)).finish('GET /nope HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'); // taken after it
    await network.stop();
    await Promise.all(cut);
  });
});

/** A connection that has had its answer and is kept. */
async function openIdle(port: number): Promise<RawSocket> {
  const socket = await openSocket(port);
  await socket.answered('GET /get_stats/v1 HTTP/1.1\r\nHost: x\r\n\r\n', (text) => text.endsWith('}'));
  return socket;
}
