import { Agent } from 'node:https';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SystemClock } from '#platform';
import { encodeHopFrame } from '#protocol';
import { TlsPeerTransport, type PeerAddress, type PeerReply } from '#transport';
import { SetClock, waitUntil } from '#testing';
import { hex } from '../../vectors/onion-vectors.js';
import { post, raw, type Reply } from './https-client.js';
import { answer } from './node-stub.js';
import { Layer, ONION_PATH } from './onion-client.js';
import { OutsideStub } from './outside-stub.js';
import { StreamClient } from './stream-client.js';
import { VectorNetwork, nodeVector, record, startPeer } from './vector-network.js';

/** A NATS server and relays, on a busy machine. */
const START_TIMEOUT_MS = 30_000;
const TIMEOUT_MS = 30_000;
const RPC_PATH = '/storage_rpc/v1';
const INFO = '{"method":"info","params":{}}';
const MIDDLE = nodeVector('middle');
const FILE_BYTES = 1024 * 1024;
const MESSAGE_BYTES = 100_000;
const BUSY = [503, 'Service Unavailable', 'Server busy, try again later'];
const OK = [200, 'OK'];
/** More than any debt of these tests needs: a file of 1 MiB is 17 seconds of half a megabit a second. */
const LONG_MS = 600_000;

const words = ({ status, reason, text }: Reply) => (status === 200 ? [status, reason] : [status, reason, text]);

/** Of the relay's time nothing passes by itself, so a bucket is as full as a test makes it. */
describe('a relay that may move a megabit a second', () => {
  let network: VectorNetwork;
  let peer: TlsPeerTransport;
  let address: PeerAddress;
  let port: number;
  const clock = new SetClock();
  const server = new OutsideStub('localhost');

  beforeAll(async () => {
    await server.start();
    const authority = `127.0.0.1:${server.port('http:')}`;
    network = await VectorNetwork.start(['entry'], () => ({
      clock,
      env: { RELAY_MAX_MBIT: '1', RELAY_OUTSIDE_ALLOW: authority },
    }));
    await network.publish([record(MIDDLE, {})]);
    const { httpsPort, peerPort } = network.relay('entry');
    port = httpsPort;
    peer = new TlsPeerTransport(hex(MIDDLE.ed25519_seed), new SystemClock());
    address = { ed25519: nodeVector('entry').ed25519_pubkey, ip: '127.0.0.1', peerPort };
  }, START_TIMEOUT_MS);
  beforeEach(() => {
    clock.ms += LONG_MS;
  });
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await peer.close();
    await network.stop();
    await server.stop();
  });

  const sendFile = (): Promise<Reply> => post(port, RPC_PATH, Buffer.alloc(FILE_BYTES));
  const sendMessage = (): Promise<Reply> => post(port, RPC_PATH, Buffer.alloc(MESSAGE_BYTES));
  const useUpMessages = async (): Promise<void> => {
    for (let at = 0; at < 20; at += 1) if ((await sendMessage()).status === 503) return;
    throw new Error('messages are not bounded');
  };
  const metric = async (name: string): Promise<number> => {
    const text = await network.relay('entry').metrics();
    const line = text.split('\n').find((each) => each.startsWith(`${name} `));
    if (line === undefined) throw new Error(`no ${name}`);
    return Number(line.slice(name.length));
  };
  const refusals = (): Promise<number> => metric('relay_refusals_total{reason="bandwidth"}');
  const frame = (bytes: number): readonly Uint8Array[] =>
    encodeHopFrame({
      data: Buffer.alloc(bytes),
      encType: 'xchacha20',
      ephemeralKey: Buffer.alloc(32, 9),
      hopNo: 1,
    });
  const inWords = ({ status, body }: PeerReply): string => `${status} ${Buffer.from(body).toString()}`;
  const toPeerPort = async (bytes: number): Promise<string> =>
    inWords(await peer.onion(address, frame(bytes), TIMEOUT_MS));

  it('refuses the second file in the words of a busy node, before it has come, and still takes messages', async () => {
    const before = await refusals();
    expect(words(await sendFile())).toEqual(OK);
    expect(words(await sendFile())).toEqual(BUSY);
    const head = `POST ${RPC_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: ${FILE_BYTES}\r\n\r\n`;
    const early = await raw(port, head);
    expect(early).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/);
    expect(early).toMatch(/\r\n\r\nServer busy, try again later$/);
    expect(words(await sendMessage())).toEqual(OK);
    expect(await refusals()).toBe(before + 2);
    clock.ms += 5_000; // files are still in debt
    expect(words(await sendFile())).toEqual(BUSY);
    clock.ms += 30_000;
    expect(words(await sendFile())).toEqual(OK);
  });

  it('refuses messages on connections that it keeps, and takes them again when the bucket has recovered', async () => {
    expect(words(await sendFile())).toEqual(OK);
    await useUpMessages();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const small = (): Promise<Reply> => post(port, RPC_PATH, INFO, { agent });
    const refused = await small();
    expect(words(refused)).toEqual(BUSY);
    expect(refused.headers.connection).not.toBe('close');
    expect(words(await post(port, ONION_PATH, new Layer('entry').frame(INFO, { headers: '' })))).toEqual(BUSY);
    expect(words(await post(port, '/ping_test/v1', ''))).toEqual(OK);
    clock.ms += 5_000;
    expect(words(await small())).toEqual(OK);
    agent.destroy();
  });

  it('refuses frames of other nodes alike, large ones unread, and answers pings and copies', async () => {
    network.relay('entry').node.commandAnswerer = ({ commands }) =>
      Promise.resolve(commands.map(() => ({ status: 200, body: Buffer.from('kept') })));
    expect(await toPeerPort(FILE_BYTES)).toBe('400 Invalid ciphertext');
    const received = await metric('relay_received_bytes_total');
    expect(await toPeerPort(8 * FILE_BYTES)).toBe('503 Server busy, try again later');
    expect(await metric('relay_received_bytes_total')).toBe(received);
    expect(await toPeerPort(2_000)).toBe('400 Invalid ciphertext');
    await useUpMessages();
    expect(await toPeerPort(2_000)).toBe('503 Server busy, try again later');
    await peer.ping(address, TIMEOUT_MS);
    expect(inWords(await peer.command(address, 'store', Buffer.from('de'), TIMEOUT_MS))).toBe('200 kept');
  });

  it('refuses copies when they alone are too much', async () => {
    network.relay('entry').node.commandAnswerer = ({ commands }) =>
      Promise.resolve(commands.map(() => ({ status: 200, body: Buffer.alloc(MESSAGE_BYTES) })));
    await sendFile();
    const copy = async (): Promise<number> =>
      (await peer.command(address, 'store', Buffer.from('de'), TIMEOUT_MS)).status;
    const taken: number[] = [];
    for (let at = 0; at < 40 && taken.at(-1) !== 503; at += 1) taken.push(await copy());
    expect(taken.at(-1)).toBe(503);
    expect(taken.length).toBeGreaterThan(10); // a burst, and twice as much
    clock.ms += LONG_MS;
    expect(await copy()).toBe(200);
  });

  it('sends no large answer of its storage while files have taken too much', async () => {
    const { node } = network.relay('entry');
    node.answerer = () => answer(200, 'binary', Buffer.alloc(FILE_BYTES));
    const ask = (): Promise<Reply> => post(port, RPC_PATH, INFO);
    expect((await ask()).body).toHaveLength(FILE_BYTES);
    expect(words(await ask())).toEqual(BUSY);
    node.answerer = () => answer(200, 'json', '{}');
    expect(words(await ask())).toEqual(OK);
  });

  it('lets no large answer of the next node come in while files have taken too much', async () => {
    const answers = [FILE_BYTES, FILE_BYTES, 2_000];
    const next = await startPeer(MIDDLE, [nodeVector('entry').ed25519_pubkey], {
      onion: () => Promise.resolve({ status: 200, body: Buffer.alloc(answers.shift() ?? 0) }),
    });
    await network.publish([record(MIDDLE, { peerPort: next.port })]);
    const ask = (): Promise<Reply> => {
      const control = { destination: MIDDLE.ed25519_pubkey, ...new Layer('middle').opener };
      return post(port, ONION_PATH, new Layer('entry').frame('for the next', control));
    };
    expect((await ask()).body).toHaveLength(FILE_BYTES);
    expect(words(await ask())).toEqual([504, 'Gateway Timeout', 'Request time out']);
    expect((await ask()).body).toHaveLength(2_000);
    await next.stop();
    await network.publish([record(MIDDLE, {})]);
  });

  it('lets no large answer of an outside server come in either', async () => {
    server.answer = (response) => response.end(Buffer.alloc(FILE_BYTES));
    const control = { host: '127.0.0.1', port: server.port('http:'), protocol: 'http', target: '/oxen/v4/lsrpc' };
    const ask = (): Promise<Reply> => post(port, ONION_PATH, new Layer('entry').frame('for the server', control));
    expect((await ask()).body).toHaveLength(FILE_BYTES);
    expect(words(await ask())).toEqual(BUSY);
    server.answer = (response) => response.end('a few words');
    expect((await ask()).text).toBe('a few words');
    expect(await metric('relay_line_bytes_total{surface="outside",direction="received"}')).toBeGreaterThan(FILE_BYTES);
  });

  it('refuses the commands of streams, which stay open', async () => {
    const stream = await StreamClient.open(port);
    expect(await stream.texts('storage.info')).toHaveLength(1);
    await sendFile();
    await useUpMessages();
    expect(await stream.texts('storage.info')).toEqual(['503', 'Server busy, try again later']);
    clock.ms += 5_000;
    expect(await stream.texts('storage.info')).toHaveLength(1);
    stream.socket.terminate();
    await stream.ended;
  });

  it('counts what connections moved besides bodies, such as handshakes of pings, which are never refused', async () => {
    const surfaces = ['public', 'peer', 'next_hop'];
    for (const surface of surfaces) {
      expect(await metric(`relay_line_bytes_total{surface="${surface}",direction="received"}`)).toBeGreaterThan(1_000);
      expect(await metric(`relay_line_bytes_total{surface="${surface}",direction="sent"}`)).toBeGreaterThan(1_000);
    }
    expect(await metric('relay_line_limit_bytes')).toBe(125_000);
    await sendFile();
    for (let at = 0; at < 160; at += 1) expect(words(await post(port, '/ping_test/v1', ''))).toEqual(OK);
    await waitUntil('the handshakes to be counted', TIMEOUT_MS, async () =>
      expect(words(await post(port, RPC_PATH, INFO))).toEqual(BUSY),
    );
  });
});

describe('a relay without a limit', () => {
  let network: VectorNetwork;
  beforeAll(async () => {
    network = await VectorNetwork.start(['entry'], () => ({
      clock: new SetClock(),
      env: { RELAY_RPC_PER_SECOND: '0' },
    }));
    await network.publish();
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await network.stop();
  });

  it('takes one file after the other', async () => {
    const relay = network.relay('entry');
    for (let at = 0; at < 20; at += 1) {
      expect(words(await post(relay.httpsPort, RPC_PATH, Buffer.alloc(FILE_BYTES)))).toEqual(OK);
    }
    const text = await relay.metrics();
    expect(text).toMatch(/^relay_line_limit_bytes 0$/m);
    expect(text).toMatch(/^relay_refusals_total\{reason="bandwidth"\} 0$/m);
    const [, received] = /^relay_line_bytes_total\{surface="public",direction="received"\} (\d+)$/m.exec(text) ?? [];
    expect(Number(received)).toBeGreaterThan(20 * FILE_BYTES);
  });
});
