import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '#testing';
import { post } from './https-client.js';
import { answer } from './node-stub.js';
import { VectorNetwork } from './vector-network.js';

/** A NATS server and relays, on a busy machine. */
const START_TIMEOUT_MS = 30_000;
const TIMEOUT_MS = 30_000;
const INFO = '{"method":"info","params":{}}';
const ANSWER_BYTES = 6 * 1024 * 1024;
const REQUEST = `POST /storage_rpc/v1 HTTP/1.1\r\nHost: x\r\nContent-Length: ${INFO.length}\r\n\r\n${INFO}`;

describe('a large answer', () => {
  let network: VectorNetwork;
  let port: number;
  beforeAll(async () => {
    network = await VectorNetwork.start(['entry'], () => ({ limits: { bodyBytes: ANSWER_BYTES + 1_000 } }));
    await network.publish();
    port = network.relay('entry').httpsPort;
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await network.stop();
  });

  const held = (bytes: number): Promise<void> =>
    waitUntil(`${bytes} bytes held`, TIMEOUT_MS, async () =>
      expect(await network.relay('entry').metrics()).toMatch(new RegExp(`^relay_body_bytes_held ${bytes}$`, 'm')),
    );
  const openUnread = async (): Promise<TLSSocket> => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    socket.pause();
    socket.write(REQUEST);
    return socket;
  };

  it(
    'takes room until its client has read it, and others are refused for want of it',
    async () => {
      const { node } = network.relay('entry');
      node.answerer = () => answer(200, 'binary', Buffer.alloc(ANSWER_BYTES, 'a'));
      const slow = await openUnread();
      await held(ANSWER_BYTES);
      const refused = await post(port, '/storage_rpc/v1', Buffer.alloc(2_000));
      expect([refused.status, refused.text]).toEqual([503, 'Server busy, try again later']);

      let received = 0;
      slow.on('data', (bytes: Buffer) => (received += bytes.length)).resume();
      await held(0);
      await waitUntil('the whole answer', TIMEOUT_MS, () => expect(received).toBeGreaterThan(ANSWER_BYTES));
      slow.destroy();
      expect((await post(port, '/storage_rpc/v1', INFO)).body.equals(Buffer.alloc(ANSWER_BYTES, 'a'))).toBe(true);
    },
    TIMEOUT_MS,
  );

  it(
    'gives its room back when its client leaves',
    async () => {
      const gone = await openUnread();
      await held(ANSWER_BYTES);
      gone.destroy();
      await held(0);
    },
    TIMEOUT_MS,
  );
});
