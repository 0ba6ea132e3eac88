import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '#testing';
import type { RelayLimits } from '../../../apps/relay/src/limits/budget.js';
import { INFO_REPLY, answer } from './node-stub.js';
import { openSocket, post, raw } from './https-client.js';
import { VectorNetwork, nodeVector, record } from './vector-network.js';

const INFO = '{"method":"info","params":{}}';
const MIB = 1024 * 1024;
const UPLOAD_HEAD = `POST /onion_req/v2 HTTP/1.1\r\nHost: x\r\nContent-Length: ${10 * MIB}\r\n\r\n`;
const CHUNKED_HEAD = 'POST /onion_req/v2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
const chunk = (bytes: number): string => `${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`;
/** A hundred times as many as are begun in one turn. */
const CROWD = 200;
const TIMEOUT_MS = 10_000;
/** Long enough for a crowd's handshakes on a busy machine, short enough to wait for. */
const HANDSHAKE_MS = 3_000;
/** Linux has all of 127.0.0.0/8 without being told. */
const withMoreAddresses = process.platform === 'linux' ? it : it.skip;
/** A TLS record that announces 512 bytes of handshake, and the first of them. */
const HALF_HELLO = Buffer.from('160301020001', 'hex');

/** A relay that answers clients. */
async function anEntry(limits: Partial<RelayLimits>): Promise<VectorNetwork> {
  const network = await VectorNetwork.start(['entry'], () => ({ limits }));
  await network.publish([record(nodeVector('middle'), {})]);
  network.relay('entry').node.answerer = () => answer(200, 'json', INFO_REPLY);
  return network;
}

describe('a relay in a crowd', () => {
  let network: VectorNetwork;
  let port: number;
  beforeAll(async () => {
    network = await anEntry({ bodyBytes: MIB, handshakeMs: HANDSHAKE_MS });
    port = network.relay('entry').httpsPort;
  });
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await network.stop();
  });

  /** Without TLS, and without a word after these bytes. */
  async function closedAfter(bytes: Buffer): Promise<string> {
    const socket = connectTcp(port, '127.0.0.1').resume();
    socket.on('error', () => socket.destroy()); // a reset is a close
    socket.write(bytes);
    return new Promise((resolve) => socket.once('close', () => resolve('closed')));
  }

  it('serves everybody who comes at the same time, each on a new connection', async () => {
    const replies = await Promise.all(Array.from({ length: CROWD }, () => post(port, '/storage_rpc/v1', INFO)));
    expect(replies.map(({ status }) => status)).toEqual(Array(CROWD).fill(200));
  });

  it('T5: keeps a quarter of its bytes for messages when uploads take the rest', async () => {
    const uploaded = 700 * 1024;
    const upload = await openSocket(port, UPLOAD_HEAD + 'x'.repeat(uploaded));
    await waitUntil('the upload', TIMEOUT_MS, async () =>
      expect(await network.relay('entry').metrics()).toMatch(new RegExp(`^relay_body_bytes_held ${uploaded}$`, 'm')),
    );
    const unread = await raw(port, UPLOAD_HEAD, (received) => received.includes('try again later'));
    expect(unread).toContain('HTTP/1.1 503 Service Unavailable');
    const unannounced = await raw(port, CHUNKED_HEAD + chunk(400 * 1024), (received) => received.includes('later'));
    expect(unannounced).toContain('HTTP/1.1 503 Service Unavailable');
    expect((await post(port, '/storage_rpc/v1', INFO)).status).toBe(200);
    upload.destroy();
  });

  it('T6: closes every connection whose handshake does not end', async () => {
    const nothing = Buffer.alloc(0);
    const notTls = Buffer.from('GET / HTTP/1.1\r\n\r\n');
    const held = await Promise.all([nothing, HALF_HELLO, notTls].map((bytes) => closedAfter(bytes)));
    expect(held).toEqual(Array(3).fill('closed'));
  });

  it('grants no renegotiation', async () => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, maxVersion: 'TLSv1.2' });
    await once(socket, 'secureConnect');
    const outcome = new Promise((resolve) => {
      socket.once('error', () => resolve('denied'));
      socket.renegotiate({ rejectUnauthorized: false }, (problem) => resolve(problem === null ? 'granted' : 'denied'));
    });
    socket.resume();
    expect(await outcome).toBe('denied');
    socket.destroy();
  });
});

describe('a relay without room for more connections', () => {
  const MOST = 3;
  let network: VectorNetwork;
  let port: number;
  beforeAll(async () => {
    network = await anEntry({ connections: MOST });
    port = network.relay('entry').httpsPort;
  });
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await network.stop();
  });

  async function shaken(): Promise<TLSSocket> {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    socket.on('error', () => socket.destroy()).resume(); // a reset is a close
    await once(socket, 'secureConnect');
    return socket;
  }

  withMoreAddresses('T6: refuses more to who has them all, and closes the oldest for somebody else', async () => {
    const held: TLSSocket[] = [];
    for (let i = 0; i < MOST; i += 1) held.push(await shaken());
    const ends = held.map((socket) => once(socket, 'close'));
    const late = connectTcp(port, '127.0.0.1').resume();
    late.on('error', () => late.destroy());
    await once(late, 'close');
    const reply = await post(port, '/storage_rpc/v1', INFO, { localAddress: '127.0.0.2' });
    expect(reply.status).toBe(200);
    await ends[0];
    expect(held.map(({ destroyed }) => destroyed)).toEqual([true, false, false]);
    const metrics = await network.relay('entry').metrics();
    expect(metrics).toMatch(/^relay_connections_refused_total 1$/m);
    expect(metrics).toMatch(/^relay_connections_gave_way_total 1$/m);
    for (const socket of held) socket.destroy();
  });
});
