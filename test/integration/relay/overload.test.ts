import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSocket, post, type RawSocket, type Reply } from './https-client.js';
import { Layer, ONION_PATH } from './onion-client.js';
import { VectorNetwork } from './vector-network.js';

const INFO = '{"method":"info","params":{}}';
const BUSY = [503, 'Service Unavailable', 'Server busy, try again later'];
const BODY_BYTES = 64 * 1024;

const words = (reply: Reply) => [reply.status, reply.reason, reply.text];

describe('a relay with all it can take', () => {
  let network: VectorNetwork;
  let port: number;

  beforeAll(async () => {
    const limits = { bodyBytes: BODY_BYTES };
    network = await VectorNetwork.start(['entry'], () => ({ limits, env: { RELAY_ALLOW_AES_CBC: 'false' } }));
    port = network.relay('entry').httpsPort;
    await network.publish();
  });
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await network.stop();
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
