import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openAttachment, sealAttachment } from '#client';
import { nativePrimitives } from '#platform';
import {
  buildOnion,
  buildV3Request,
  buildV4Request,
  parseV4Reply,
  type NodeTarget,
  type ServerReply,
  type ServerRequest,
  type ServerTarget,
} from '#protocol';
import { FileServer, waitUntil } from '#testing';
import { post } from './https-client.js';
import { ONION_PATH } from './onion-client.js';
import { VectorNetwork, nodeVector } from './vector-network.js';

/** A NATS server and relays, on a busy machine. */
const START_TIMEOUT_MS = 30_000;
const TIMEOUT_MS = 60_000;
const PATH = ['entry', 'middle', 'exit'];
/** Its attachment, padded and sealed, has the ten million bytes that file servers take at the most. */
const FILE_BYTES = 9_999_936;
const primitives = nativePrimitives();

const nodes: readonly NodeTarget[] = PATH.map((name) => {
  const { ed25519_pubkey: ed25519, x25519_pubkey: x25519 } = nodeVector(name);
  return { ed25519, x25519 };
});

describe('a file server behind three nodes', () => {
  let network: VectorNetwork;
  let server: FileServer;
  beforeAll(async () => {
    server = await FileServer.start();
    network = await VectorNetwork.start(PATH, () => ({ env: { RELAY_OUTSIDE_ALLOW: server.authority } }));
    await network.publish();
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await Promise.all([network.stop(), server.stop()]);
  });

  /** What the server says inside, for what is inside. */
  async function ask(payload: Uint8Array, destination: ServerTarget): Promise<Uint8Array> {
    const onion = buildOnion(primitives, randomBytes, { path: nodes, destination, payload });
    const reply = await post(network.relay('entry').httpsPort, ONION_PATH, onion.body);
    if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text.slice(0, 80)}`);
    return onion.open(reply.body);
  }
  const askV4 = async (
    request: ServerRequest & { body?: Uint8Array },
    changes: Partial<ServerTarget> = {},
  ): Promise<ServerReply> => parseV4Reply(await ask(buildV4Request(request), { ...server.target(), ...changes }));

  it.each(['xchacha20', 'aes-gcm'] as const)(
    'takes an attachment of ten megabytes and gives it back, in %s',
    async (encType) => {
      const file = randomBytes(FILE_BYTES);
      const { blob, key, digest } = sealAttachment(primitives, randomBytes, file, { isPadded: false });
      expect(blob.length).toBe(10_000_000);
      const kept = await askV4({ method: 'POST', endpoint: '/file', body: blob }, { encType });
      expect([kept.code, kept.headers]).toEqual([200, { 'content-type': 'application/json' }]);
      const { id } = JSON.parse(Buffer.from(kept.body).toString()) as { id: string };

      const given = await askV4({ method: 'GET', endpoint: `/file/${id}` }, { encType });
      expect([given.code, given.headers]).toEqual([200, { 'content-type': 'application/octet-stream' }]);
      const opened = openAttachment(primitives, given.body, { key, digest, size: file.length });
      expect(opened !== null && file.equals(opened)).toBe(true);

      for (const name of PATH) {
        await waitUntil('its bytes to be given back', TIMEOUT_MS, async () =>
          expect(await network.relay(name).metrics()).toMatch(/^relay_body_bytes_held 0$/m),
        );
      }
    },
    TIMEOUT_MS,
  );

  it('says inside what is wrong with a request', async () => {
    const missing = await askV4({ method: 'GET', endpoint: '/file/999' });
    expect([missing.code, Buffer.from(missing.body).toString()]).toEqual([404, '{"error":"no such file"}']);
    for (const bad of [
      'words',
      'le',
      'l2:{}e',
      'l5:[1,2]e',
      'l48:{"method":"GET","endpoint":"file/1","headers":{}}e',
    ]) {
      const { code, headers, body } = parseV4Reply(await ask(Buffer.from(bad), server.target()));
      expect([bad, code, headers, Buffer.from(body).toString()]).toEqual([
        bad,
        400,
        { 'content-type': 'text/plain; charset=utf-8' },
        'Invalid v4 onion request',
      ]);
    }
  });

  it.each(['/oxen/v3/lsrpc', '/loki/v3/lsrpc'])('speaks the third version on %s', async (path) => {
    const target = server.target(path);
    const kept = await ask(buildV3Request({ method: 'POST', endpoint: 'file', body: 'a short text' }), target);
    const { id } = JSON.parse(Buffer.from(kept).toString()) as { id: string };
    const get = (endpoint: string) => ask(buildV3Request({ method: 'GET', endpoint, body: 'null' }), target);
    expect(Buffer.from(await get(`/file/${id}`)).toString()).toBe('a short text');
    expect(Buffer.from(await get('/file/999')).toString()).toBe('{"status_code":404}');
  });

  it('does not open what was sealed for another', async () => {
    const other = { ...server.target(), x25519: nodeVector('middle').x25519_pubkey };
    await expect(ask(buildV4Request({ method: 'GET', endpoint: '/file/1' }), other)).rejects.toThrow('400 Bad Request');
  });
});
