import { once } from 'node:events';
import { createServer, connect as connectTcp, type AddressInfo, type Server } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ed25519Certificate } from '#platform';
import { PeerTimeout, PeerUnreachable } from '#transport';
import { CALLED, CALLER, dialAs, Listener } from './two-nodes.js';

const TIMEOUT_MS = 10_000;
const PING = 'POST /v1/ping HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n';

const member = ed25519Certificate(CALLER.seed, Date.now());
const asMember = { cert: member.certPem, key: member.keyPem };

/** What comes back on a connection with these credentials; empty when it is cut off. */
async function say(text: string, { address }: Listener, options: ConnectionOptions): Promise<string> {
  const { peerPort: port } = address;
  const socket: TLSSocket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options });
  let heard = '';
  socket.on('data', (bytes: Buffer) => {
    heard += bytes.toString();
    socket.end();
  });
  socket.on('error', () => undefined); // a cut connection is what these tests are about
  socket.write(text);
  await new Promise((resolve) => socket.once('close', resolve));
  return heard;
}

describe('the handshake of a node', () => {
  let listener: Listener;
  beforeEach(async () => {
    listener = await Listener.start({}, { handshakeMs: 300, headMs: 300, bodyMs: 600 });
  });
  afterEach(() => listener.stop());

  it('lets a member in', async () => {
    expect(await say(PING, listener, asMember)).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*pong$/);
  });

  it('cuts off who has no certificate', async () => {
    expect(await say(PING, listener, {})).toBe('');
    expect(listener.server.strangers).toBeGreaterThan(0);
  });

  it('cuts off who speaks TLS 1.2', async () => {
    expect(await say(PING, listener, { ...asMember, maxVersion: 'TLSv1.2' })).toBe('');
  });

  it('waits neither for a handshake nor for a head or a body for ever', async () => {
    const silent = connectTcp(listener.address.peerPort, '127.0.0.1');
    silent.on('error', () => undefined);
    await new Promise((resolve) => silent.once('close', resolve));
    expect(await say('POST /v1/ping HTT', listener, asMember)).toMatch(/^$|^HTTP\/1\.1 408/);
    expect(await say('POST /v1/onion HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nab', listener, asMember)).toMatch(
      /^$|^HTTP\/1\.1 4/,
    );
  }, 20_000);

  it.each([
    ['a path that there is not', 'POST /v1/nothing HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n', 404],
    ['another verb', 'GET /v1/ping HTTP/1.1\r\nhost: x\r\n\r\n', 404],
    ['commands that are none', 'POST /v1/command HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\nxx', 400],
    ['a body beyond all bounds', 'POST /v1/onion HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999\r\n\r\n', 413],
  ])('refuses %s', async (_what, text, status) => {
    expect(await say(text, listener, asMember)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });
});

describe('a node that leaves', () => {
  it('does not wait for a handshake', async () => {
    const listener = await Listener.start({}, { handshakeMs: 600_000 });
    const silent = connectTcp(listener.address.peerPort, '127.0.0.1');
    silent.on('error', () => undefined);
    const cut = new Promise((resolve) => silent.once('close', resolve));
    await once(silent, 'connect');
    await say(PING, listener, asMember); // taken after it
    await listener.stop();
    await cut;
  });
});

describe('a node that dials', () => {
  let server: Server;
  beforeEach(async () => {
    server = createServer((socket) => socket.on('error', () => undefined).resume());
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const address = () => ({ ed25519: CALLED.id, ip: '127.0.0.1', peerPort: (server.address() as AddressInfo).port });

  it('gives up on one that takes the connection and says nothing', async () => {
    const caller = dialAs(CALLER);
    await expect(caller.ping(address(), 200)).rejects.toBeInstanceOf(PeerTimeout);
    await caller.close();
  });

  it('is told at once by a closed port, and leaves that node alone for a while', async () => {
    const closed = address();
    await new Promise((resolve) => server.close(resolve));
    const caller = dialAs(CALLER);
    const burst = await Promise.allSettled(Array.from({ length: 20 }, () => caller.ping(closed, TIMEOUT_MS)));
    for (const each of burst) expect(each).toMatchObject({ reason: expect.any(PeerUnreachable) as unknown });
    await expect(caller.ping(closed, TIMEOUT_MS)).rejects.toThrow('left alone after a failure');
    await caller.close();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
});
