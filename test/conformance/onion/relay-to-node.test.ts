import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeHopFrame, type Bencodable } from '#protocol';
import type { PeerHandlers } from '#transport';
import { relayLimits } from '../../../apps/relay/src/limits/budget.js';
import { post, type Reply } from '../../integration/relay/https-client.js';
import { INFO_REPLY } from '../../integration/relay/node-stub.js';
import { Layer, ONION_PATH, ask } from '../../integration/relay/onion-client.js';
import { VectorNetwork, nodeVector, record, startPeer, vectors } from '../../integration/relay/vector-network.js';
import { hex } from '../../vectors/onion-vectors.js';
import { startRawPeer } from './raw-peer.js';

const INFO = '{"method":"info","params":{}}';
const ANSWERED = JSON.stringify({ body: INFO_REPLY, status: 200 });
const MIDDLE = nodeVector('middle');
const ENTRY_ID = nodeVector('entry').ed25519_pubkey;
/** A node that gives up early, so that a test need not wait as long as a client. */
const IMPATIENT = 'destination';
const PHRASES: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  406: 'Not Acceptable',
  421: 'Misdirected Request',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

describe('relaying to another node', () => {
  let network: VectorNetwork;
  let port: number;
  let stopPeer = (): Promise<void> => Promise.resolve();

  beforeAll(async () => {
    network = await VectorNetwork.start(['entry', 'exit', IMPATIENT], (name) =>
      name === IMPATIENT ? { limits: { entryMs: 600, marginMs: 100 } } : {},
    );
    port = network.relay('entry').httpsPort;
  });
  afterEach(async () => {
    await stopPeer();
    stopPeer = () => Promise.resolve();
  });
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await network.stop();
  });

  /** Puts a stub in the place of the middle node. */
  const nextHop = async (onion: PeerHandlers['onion']): Promise<void> => {
    const peer = await startPeer(MIDDLE, [ENTRY_ID, nodeVector(IMPATIENT).ed25519_pubkey], { onion });
    stopPeer = peer.stop;
    await network.publish([record(MIDDLE, { peerPort: peer.port })]);
  };
  const reply = (status: number, body: string | Uint8Array) => Promise.resolve({ status, body: Buffer.from(body) });
  const toMiddle = (destination = MIDDLE.ed25519_pubkey) => {
    const control = { destination, ...new Layer('middle').opener };
    return post(port, ONION_PATH, new Layer('entry').frame('sealed for the next', control));
  };
  const expectClear = ({ status, reason, headers, text }: Reply, wanted: number, words: string): void => {
    expect([status, reason, headers['content-type'], text]).toEqual([wanted, PHRASES[wanted], 'text/plain', words]);
  };

  const forwarded = vectors.onion_requests.filter((vector) => vector.path.length > 1);
  const rows = forwarded.map((vector) => [vector.explicit_enc_type ? 'R1' : 'R15', vector.name, vector] as const);
  it.each(rows)('%s sends the frame of %s', async (_id, _name, vector) => {
    let frame = new Uint8Array();
    await nextHop((bytes) => {
      frame = bytes.slice();
      return reply(200, 'x');
    });
    expect((await post(port, ONION_PATH, hex(vector.entry_body))).status).toBe(200);
    const action = vector.hops[0]?.action;
    const wanted = action?.type === 'relay-to-node' ? action.sn_onion_request_frame : '';
    expect(Buffer.from(frame).toString('hex')).toBe(wanted);
  });

  it('R15 names AES-GCM where the client named nothing', async () => {
    let named: unknown;
    await nextHop((bytes) => {
      named = decodeHopFrame(bytes).encType;
      expect(Buffer.from(bytes).toString('latin1')).toContain('8:enc_type7:aes-gcm');
      return reply(200, 'x');
    });
    const control = { destination: MIDDLE.ed25519_pubkey, ephemeral_key: new Layer('middle').opener.ephemeral_key };
    await post(port, ONION_PATH, new Layer('entry').frame('x', control));
    expect(named).toBe('aes-gcm');
  });

  it.each([
    ['R2', 'lower', 'ab'.repeat(32)],
    ['R5', 'upper', 'AB'.repeat(32)],
  ])('%s names an unknown next node, given in %s case', async (_id, _case, destination) => {
    await network.publish();
    expectClear(await toMiddle(destination), 502, `Next node not found: ${'ab'.repeat(32)}`);
  });

  it.each([{ ip: '0.0.0.0' }, { peerPort: 0 }])('R3 names a next node without contact data (%j)', async (changes) => {
    await network.publish([record(MIDDLE, changes)]);
    expectClear(await toMiddle(), 502, `Next node is currently unreachable: ${MIDDLE.ed25519_pubkey}`);
  });

  it('R4 forwards to a decommissioned node', async () => {
    const peer = await startPeer(MIDDLE, [ENTRY_ID], { onion: () => reply(200, 'still here') });
    stopPeer = peer.stop;
    await network.publish([record(MIDDLE, { peerPort: peer.port, state: 'decommissioned' })]);
    expectClear(await toMiddle(), 200, 'still here');
  });

  it('R5 forwards to a node that is named in upper case', async () => {
    await nextHop(() => reply(200, 'found'));
    expectClear(await toMiddle(MIDDLE.ed25519_pubkey.toUpperCase()), 200, 'found');
  });

  it.each([
    ['R6', 200, 'bytes \u0000 and all', 200],
    ['R6', 200, '', 200],
    ['R7', 502, 'Next node not found: x', 502],
    ['R7', 503, 'Server busy, try again later', 503],
    ['R8', 425, 'b', 500],
    ['R8', 201, 'b', 500],
    ['R8', 204, 'b', 500],
    ['R8', 302, 'b', 500],
    ['R8', 507, 'b', 500],
    ['R8', 0, 'b', 500],
    ['R8', 401, 'b', 401],
    ['R8', 404, 'b', 404],
    ['R8', 406, 'b', 406],
    ['R8', 421, 'b', 421],
    ['R8', 429, 'b', 429],
    ['R8', 504, 'b', 504],
  ])('%s passes %i %j back as %i', async (_id, status, body, expected) => {
    await nextHop(() => reply(status, body));
    expectClear(await toMiddle(), expected, body);
  });

  const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1');
  it.each<[string, string, Bencodable, number, string]>([
    ['R8', 'a status that is no number', ['abc', latin('b')], 500, 'Invalid response from snode'],
    ['R9', 'a third part', [200, latin('b'), latin('extra')], 200, 'b'],
    ['R10', 'a status alone', [200], 500, 'Invalid response from snode'],
    ['R10', 'a body alone', [latin('b')], 500, 'Invalid response from snode'],
    ['R10', 'nothing', [], 500, 'Invalid response from snode'],
    ['R10', 'no list', latin('200 b'), 500, 'Invalid response from snode'],
    ['R10', 'an empty body', new Uint8Array(), 500, 'Invalid response from snode'],
  ])('%s makes of an answer with %s what it is', async (_id, _what, answer, status, words) => {
    const peer = await startRawPeer(MIDDLE, answer);
    stopPeer = peer.stop;
    await network.publish([record(MIDDLE, { peerPort: peer.port })]);
    expectClear(await toMiddle(), status, words);
  });

  it('R11 gives up on a silent node, and lets the late answer go', async () => {
    let answerLate = (): void => undefined;
    await nextHop(
      () => new Promise((resolve) => (answerLate = () => resolve({ status: 200, body: Buffer.from('late') }))),
    );
    const control = { destination: MIDDLE.ed25519_pubkey, ...new Layer('middle').opener };
    const body = new Layer(IMPATIENT).frame('x', control);
    const { httpsPort } = network.relay(IMPATIENT);
    expectClear(await post(httpsPort, ONION_PATH, body), 504, 'Request time out');
    answerLate();
    const metrics = await network.relay(IMPATIENT).metrics();
    expect(metrics).toMatch(/^relay_requests_in_flight 0$/m);
    expect(metrics).toMatch(/^relay_body_bytes_held 0$/m);
  });

  it('R11 waits for no hop longer than 30 s, and answers before clients give up at 10 s', () => {
    expect(relayLimits.hopMs).toBeLessThanOrEqual(30_000);
    expect(relayLimits.outsideMs).toBeLessThan(relayLimits.hopMs);
    expect(relayLimits.entryMs).toBe(9_000);
  });

  it.each([
    ['does not listen', () => Promise.resolve({ port: 1, stop: () => Promise.resolve() })],
    ['has another key', () => startPeer(nodeVector('exit'), [ENTRY_ID], { onion: () => reply(200, 'mine') })],
    ['does not know us', () => startPeer(MIDDLE, [], {})],
  ])('R11 has the same words for a node that %s', async (_what, start) => {
    const peer = await start();
    stopPeer = peer.stop;
    await network.publish([record(MIDDLE, { peerPort: peer.port })]);
    expectClear(await toMiddle(), 504, 'Request time out');
  });

  it('R12 passes 8 MiB back', async () => {
    const body = Buffer.alloc(8 * 1024 * 1024, 1);
    await nextHop(() => reply(200, body));
    const answered = await toMiddle();
    expect([answered.status, answered.body.equals(body)]).toEqual([200, true]);
  });

  it('R13 counts from what the client wrote', async () => {
    const vector = vectors.onion_requests.find(({ name }) => name === 'two-nodes-start-hop-14');
    let hopNo = 0;
    await nextHop((bytes) => {
      hopNo = decodeHopFrame(bytes).hopNo;
      return reply(200, 'x');
    });
    await post(port, ONION_PATH, hex(vector?.entry_body ?? ''));
    expect(hopNo).toBe(15);
  });

  it('R14 is refused by the second node when the client starts at 15', async () => {
    await network.publish();
    const toExit = await ask(port, ['entry', 'exit'], INFO, { hopNo: 14 });
    expect(toExit.inner).toBe(ANSWERED);
    expectClear(await ask(port, ['entry', 'exit'], INFO, { hopNo: 15 }), 400, 'onion request max path length exceeded');
  });

  it('R14 ends a path through itself in the same way', async () => {
    await network.publish();
    expect((await ask(port, ['entry', 'entry'], INFO, { hopNo: 14 })).inner).toBe(ANSWERED);
    expectClear(
      await ask(port, ['entry', 'entry'], INFO, { hopNo: 15 }),
      400,
      'onion request max path length exceeded',
    );
  });

  it('R16 gives back the place of a client that leaves', async () => {
    let arrived = (): void => undefined;
    const seen = new Promise<void>((resolve) => (arrived = resolve));
    await nextHop(() => {
      arrived();
      return reply(200, 'x');
    });
    const control = { destination: MIDDLE.ed25519_pubkey, ...new Layer('middle').opener };
    const aborter = new AbortController();
    const left = post(port, ONION_PATH, new Layer('entry').frame('x', control), { signal: aborter.signal });
    await seen;
    aborter.abort();
    await expect(left).rejects.toThrow();
    expect((await toMiddle()).status).toBe(200);
    expect(await network.relay('entry').metrics()).toMatch(/^relay_requests_in_flight 0$/m);
  });

  it('R18 works on itself when it is the next node, too, and dials nobody', async () => {
    await network.publishExactly({
      height: 2,
      blockHash: '00'.repeat(32),
      hardfork: [19, 4],
      nodes: [record(nodeVector('entry'), { ip: '0.0.0.0', peerPort: 0 })],
    });
    expect((await ask(port, ['entry', 'entry', 'entry'], INFO)).inner).toBe(ANSWERED);
  });
});
