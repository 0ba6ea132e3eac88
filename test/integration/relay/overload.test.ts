import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SystemClock } from '#platform';
import { TlsPeerTransport } from '#transport';
import { hex } from '../../vectors/onion-vectors.js';
import { call, openSocket, post, type RawSocket, type Reply } from './https-client.js';
import { INFO_REPLY, answer } from './node-stub.js';
import { Layer, ONION_PATH, ask } from './onion-client.js';
import { VectorNetwork, nodeVector, record } from './vector-network.js';

const INFO = '{"method":"info","params":{}}';
const BUSY = [503, 'Service Unavailable', 'Server busy, try again later'];
const PLACES = 3;
const BODY_BYTES = 64 * 1024;

const words = (reply: Reply) => [reply.status, reply.reason, reply.text];

describe('a relay with all it can take', () => {
  let network: VectorNetwork;
  let port: number;
  let release: (() => void)[] = [];

  beforeAll(async () => {
    const limits = { requests: PLACES, bodyBytes: BODY_BYTES };
    network = await VectorNetwork.start(['entry'], () => ({ limits, env: { RELAY_ALLOW_AES_CBC: 'false' } }));
    port = network.relay('entry').httpsPort;
    await network.publish([record(nodeVector('middle'), {})]);
  });
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await network.stop();
  });

  /** Fills all places with requests that wait for storage. */
  const fill = async (): Promise<Promise<Reply>[]> => {
    const { node } = network.relay('entry');
    release = [];
    const full = new Promise<void>((resolve) => {
      node.answerer = () =>
        new Promise((reply) => {
          release.push(() => reply(answer(200, 'json', INFO_REPLY)));
          if (release.length === PLACES) resolve();
        });
    });
    const running = Array.from({ length: PLACES }, () => post(port, '/storage_rpc/v1', INFO));
    await full;
    return running;
  };
  const empty = async (running: readonly Promise<Reply>[]): Promise<void> => {
    for (const go of release) go();
    expect((await Promise.all(running)).map((reply) => reply.status)).toEqual(Array(PLACES).fill(200));
    network.relay('entry').node.answerer = () => answer(200, 'json', INFO_REPLY);
  };

  it('H18: says so in known words on both routes, and goes on when there is room', async () => {
    const running = await fill();
    expect(words(await post(port, '/storage_rpc/v1', INFO))).toEqual(BUSY);
    expect(words(await ask(port, ['entry'], INFO))).toEqual(BUSY);
    await empty(running);
    expect((await ask(port, ['entry'], INFO)).status).toBe(200);
  });

  it('H18: still answers whoever tests whether it is there', async () => {
    const running = await fill();
    expect((await post(port, '/ping_test/v1', '')).status).toBe(200);
    expect((await call(port, 'GET', '/get_stats/v1')).status).toBe(200);
    await empty(running);
  });

  it('tells other nodes the same', async () => {
    const running = await fill();
    const transport = new TlsPeerTransport(hex(nodeVector('middle').ed25519_seed), new SystemClock());
    const address = {
      ed25519: nodeVector('entry').ed25519_pubkey,
      ip: '127.0.0.1',
      peerPort: network.relay('entry').peerPort,
    };
    const replies = [
      await transport.onion(address, new Uint8Array(9), 1_000),
      await transport.command(address, 'store', Buffer.from('de'), 1_000),
    ];
    expect(replies.map(({ status, body }) => [status, Buffer.from(body).toString()])).toEqual(
      Array(2).fill([503, BUSY[2]]),
    );
    await transport.close();
    await empty(running);
  });

  it('T5: holds no more bytes of bodies than it may, and counts those that came, not those announced', async () => {
    const announced: RawSocket[] = [];
    for (let i = 0; i < 10; i += 1) {
      announced.push(
        await openSocket(port, 'POST /onion_req/v2 HTTP/1.1\r\nHost: x\r\nContent-Length: 10485760\r\n\r\nabc'),
      );
    }
    expect((await post(port, '/storage_rpc/v1', INFO)).status).toBe(200);
    expect(words(await post(port, '/storage_rpc/v1', Buffer.alloc(BODY_BYTES + 1)))).toEqual(BUSY);
    for (const socket of announced) socket.destroy();
    expect((await post(port, '/storage_rpc/v1', Buffer.alloc(BODY_BYTES - 100))).status).toBe(200);
  });

  it('opens no AES-CBC where the operator switched it off', async () => {
    const body = new Layer('entry', 'aes-cbc').frame(INFO, { headers: '' });
    expect(words(await post(port, ONION_PATH, body))).toEqual([400, 'Bad Request', 'Invalid ciphertext']);
  });
});
