import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SystemClock } from '#platform';
import { TlsPeerTransport } from '#transport';
import { call, post, type Reply } from '../../integration/relay/https-client.js';
import { INFO_REPLY, answer } from '../../integration/relay/node-stub.js';
import { ask } from '../../integration/relay/onion-client.js';
import { VectorNetwork, nodeVector, record } from '../../integration/relay/vector-network.js';
import { hex } from '../../vectors/onion-vectors.js';
import { peerAddress } from './peer-address.js';

const INFO = '{"method":"info","params":{}}';
const BUSY_TEXT = 'Server busy, try again later';
const BUSY = [503, 'Service Unavailable', BUSY_TEXT];
const PLACES = 3;

const words = (reply: Reply) => [reply.status, reply.reason, reply.text];

describe('a relay whose places are all taken', () => {
  let network: VectorNetwork;
  let port: number;
  let release: (() => void)[] = [];

  beforeAll(async () => {
    network = await VectorNetwork.start(['entry'], () => ({ limits: { requests: PLACES } }));
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

  it('H18 says so in known words on both routes, and goes on when there is room', async () => {
    const running = await fill();
    expect(words(await post(port, '/storage_rpc/v1', INFO))).toEqual(BUSY);
    expect(words(await ask(port, ['entry'], INFO))).toEqual(BUSY);
    await empty(running);
    expect((await ask(port, ['entry'], INFO)).status).toBe(200);
  });

  it('H18 still answers whoever tests whether it is there', async () => {
    const running = await fill();
    expect((await post(port, '/ping_test/v1', '')).status).toBe(200);
    expect((await call(port, 'GET', '/get_stats/v1')).status).toBe(200);
    await empty(running);
  });

  it('N7 tells other nodes the same instead of leaving them to wait, and crashes for nobody', async () => {
    const running = await fill();
    const transport = new TlsPeerTransport(hex(nodeVector('middle').ed25519_seed), new SystemClock());
    const entry = peerAddress('entry', network.relay('entry').peerPort);
    const replies = [
      ...(await Promise.all(Array.from({ length: 50 }, () => transport.onion(entry, [new Uint8Array(9)], 5_000)))),
      await transport.command(entry, 'store', Buffer.from('de'), 5_000),
    ];
    expect(new Set(replies.map(({ status, body }) => `${status} ${Buffer.from(body).toString()}`))).toEqual(
      new Set([`503 ${BUSY_TEXT}`]),
    );
    await transport.close();
    await empty(running);
  });
});
