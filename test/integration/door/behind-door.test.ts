import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { DoorHeaders, SystemClock, writeDoorHeader } from '#platform';
import { PeerServer, TlsPeerTransport } from '#transport';
import { SetClock, waitUntil } from '#testing';
import { MemoryLog } from '../memory-log.js';
import { INFO_REPLY, answer } from '../relay/node-stub.js';
import { VectorNetwork, nodeVector, record } from '../relay/vector-network.js';
import { CALLED, CALLER } from '../transport/two-nodes.js';
import { Splice } from './splice.js';

const INFO = '{"method":"info","params":{}}';
const RPC = `POST /storage_rpc/v1 HTTP/1.1\r\nHost: x\r\nContent-Length: ${INFO.length}\r\n\r\n${INFO}`;
const TIMEOUT_MS = 10_000;
const LOCAL = Buffer.from('0d0a0d0a000d0a515549540a20000000', 'hex');

const headerOf = (address: string): Buffer => {
  const header = writeDoorHeader({ address, port: 4_000 }, { address: '192.0.2.200', port: 22_021 });
  if (header === null) throw new Error(`${address} is no address`);
  return header;
};

describe('a relay behind a door', () => {
  let network: VectorNetwork;
  let port: number;
  beforeAll(async () => {
    network = await VectorNetwork.start(['entry'], () => ({
      env: { RELAY_BEHIND_DOOR: 'true', RELAY_RPC_PER_SECOND: '1' },
      clock: new SetClock(), // it stands still: no token comes back
    }));
    await network.publish([record(nodeVector('middle'), {})]);
    const { node, httpsPort } = network.relay('entry');
    port = httpsPort;
    node.answerer = () => answer(200, 'json', INFO_REPLY);
  });
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await network.stop();
  });

  /** The status of each request of a client, one after the other on one connection. */
  async function statusesFor(address: string, count: number): Promise<number[]> {
    const raw = connect(port, '127.0.0.1');
    await once(raw, 'connect');
    raw.write(headerOf(address));
    const socket = connectTls({ socket: raw, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const statuses: number[] = [];
    for (let i = 0; i < count; i += 1) {
      socket.write(RPC);
      const [reply] = (await once(socket, 'data')) as [Buffer];
      statuses.push(Number(/^HTTP\/1\.1 (\d+)/.exec(reply.toString('latin1'))?.[1]));
    }
    socket.destroy();
    return statuses;
  }

  const refused = async (): Promise<number> =>
    Number(/^relay_door_headers_refused_total (\d+)$/m.exec(await network.relay('entry').metrics())?.[1]);

  it('counts by the clients that the door names, not by the door', async () => {
    expect(await statusesFor('198.51.100.1', 3)).toEqual([200, 200, 429]);
    expect(await statusesFor('198.51.100.2', 2)).toEqual([200, 200]);
    expect(await statusesFor('2001:db8::1', 3)).toEqual([200, 200, 429]);
    expect(await statusesFor('2001:db8::2', 1)).toEqual([429]); // the same /64
    expect(await statusesFor('::ffff:198.51.100.1', 1)).toEqual([429]); // the first one
  });

  it.each([
    ['TLS at once', Buffer.from('16030102000100', 'hex')],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a header that is no good', Buffer.concat([headerOf('192.0.2.1').subarray(0, 13), Buffer.from([0x12])])],
  ])('closes a connection that begins with %s, and counts it', async (_name, bytes) => {
    const before = await refused();
    const socket = connect(port, '127.0.0.1').resume();
    socket.on('error', () => socket.destroy()); // a reset is a close
    socket.write(bytes);
    await once(socket, 'close');
    expect(await refused()).toBe(before + 1);
  });

  it('closes what a door opened only to see whether somebody is there, and does not count it', async () => {
    const before = await refused();
    const socket = connect(port, '127.0.0.1').resume();
    socket.write(LOCAL);
    await once(socket, 'close');
    expect(await refused()).toBe(before);
  });

  it('survives clients that leave in the middle of a header, and behind one', async () => {
    const before = await refused();
    for (const bytes of [headerOf('192.0.2.1').subarray(0, 20), headerOf('192.0.2.1'), Buffer.alloc(0)]) {
      const socket: Socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
      socket.resetAndDestroy();
    }
    await waitUntil('both that had not finished', TIMEOUT_MS, async () => expect(await refused()).toBe(before + 2));
    expect(await statusesFor('198.51.100.9', 1)).toEqual([200]);
  });
});

describe('a peer port behind a door', () => {
  const ends: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });

  /** A listener for nodes that must come through a door, and how long that door may take. */
  async function listener(headers: DoorHeaders): Promise<number> {
    const server = new PeerServer({
      seed: CALLED.seed,
      isMember: (id) => id === CALLER.id,
      handlers: {
        onion: () => Promise.reject(new Error('not expected here')),
        commands: () => [],
        standing: () => Promise.resolve({ instance: null, test: null, otherAgeMs: null }),
      },
      clock: new SystemClock(),
      log: new MemoryLog(),
      doorHeaders: headers,
    });
    ends.push(() => server.close(0));
    return server.listen('127.0.0.1', 0);
  }

  it.each(['203.0.113.7', '2001:db8::7'])('tells a node at %s that address', async (address) => {
    const splice = await Splice.start(await listener(new DoorHeaders()), headerOf(address));
    const peers = new TlsPeerTransport(CALLER.seed, new SystemClock());
    ends.push(
      () => splice.stop(),
      () => peers.close(),
    );
    const called = { ed25519: CALLED.id, ip: '127.0.0.1', peerPort: splice.port };
    expect(await peers.standing(called, 'ab'.repeat(16), TIMEOUT_MS)).toMatchObject({ observedIp: address });
  });

  it('closes a connection on which no header comes in time', async () => {
    const headers = new DoorHeaders(50);
    const socket = connect(await listener(headers), '127.0.0.1').resume();
    await once(socket, 'close');
    expect(headers.refused).toBe(1);
  });
});
