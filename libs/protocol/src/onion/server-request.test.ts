import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hex, loadOnionVectors, type ServerRequestVector } from '../../../../test/vectors/onion-vectors.js';
import { bencode } from '../bencode.js';
import { bytesToHex, concatBytes, utf8 } from '../hex.js';
import { noblePrimitives as p } from '../noble-primitives.js';
import { parseEntry, type EntryRequest } from './entry-request.js';
import { openLayer, sealReply, type OpenedLayer } from './layer-cipher.js';
import { parseLayer, type RelayServerAction } from './layer.js';
import { buildOnion, type OnionPlan, type ServerTarget } from './onion-builder.js';
import { UnreadableReply, UnusableNodeKey } from './onion-errors.js';
import { buildV3Request, buildV4Request, parseV4Reply, type ServerRequest } from './server-request.js';

const vectors = loadOnionVectors();
const serverRequests = vectors.server_requests.map((v) => [v.name, v] as const);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

type Sealed = Pick<EntryRequest, 'ciphertext' | 'encType' | 'ephemeralKey'>;

function open(secret: string, { encType, ciphertext, ephemeralKey }: Sealed): OpenedLayer {
  const secretKey = hex(secret);
  const opened = openLayer(p, {
    encType,
    ciphertext,
    ephemeralKey,
    secretKey,
    publicKey: p.x25519PublicKey(secretKey),
  });
  if (opened === null) throw new Error('a layer does not open');
  return opened;
}

const nodeNamed = (name: string) => {
  const node = vectors.nodes.find((item) => item.name === name);
  if (node === undefined) throw new Error(`no node ${name}`);
  return node;
};

/** Passes the request through the path; gives the plaintext of the exit's layer and what it asks for. */
function peelToExit(
  v: ServerRequestVector,
  entryBody: Uint8Array,
): { plaintext: Uint8Array; action: RelayServerAction } {
  let layer: Sealed = parseEntry(entryBody);
  for (const name of v.path) {
    const { plaintext } = open(nodeNamed(name).x25519_seckey, layer);
    const action = parseLayer(plaintext);
    if (action.kind === 'relay-server') return { plaintext, action };
    if (action.kind === 'final') throw new Error('the path ended at a node');
    layer = action;
  }
  throw new Error('the path has no exit');
}

function planOf(v: ServerRequestVector): OnionPlan {
  const control = JSON.parse(v.control_json) as {
    host: string;
    target: string;
    protocol?: 'http' | 'https';
    port?: number;
  };
  const destination: ServerTarget = {
    host: control.host,
    target: control.target,
    x25519: vectors.server.x25519_pubkey,
    encType: v.server_enc_type,
    base64Reply: v.version === 3,
    ...(control.protocol && { protocol: control.protocol }),
    ...(control.port !== undefined && { port: control.port }),
  };
  const path = v.path.map((name) => ({
    ed25519: nodeNamed(name).ed25519_pubkey,
    x25519: nodeNamed(name).x25519_pubkey,
  }));
  return {
    path,
    destination,
    payload: hex(v.server_plaintext),
    encType: v.enc_types[0] ?? 'xchacha20',
    nameEncType: v.control_json.includes('enc_type'),
  };
}

/** The server's layer as in the vector (its secret and nonce come first), anything for the others. */
function randomOf(v: ServerRequestVector): (length: number) => Uint8Array {
  const nonceBytes = v.server_enc_type === 'xchacha20' ? 24 : 12;
  const fixed = [hex(v.server_ephemeral_seckey), hex(v.server_ciphertext).subarray(0, nonceBytes)];
  return (length) => fixed.shift() ?? new Uint8Array(length).fill(0x5a);
}

describe('a request to a server', () => {
  it.each(serverRequests)('%s reaches the exit as the reference sees it', (_name, v) => {
    const { plaintext, action } = peelToExit(v, hex(v.entry_body));
    expect(bytesToHex(plaintext)).toBe(v.exit.plaintext);
    expect(bytesToHex(action.payload)).toBe(v.exit.http_request.body);
    const url = new URL(`${action.protocol}://${action.host}:${action.port}${action.target}`);
    expect(url.href).toBe(v.exit.http_request.url);
  });

  it.each(serverRequests)('%s is opened and answered by the server', (_name, v) => {
    const opened = open(v.server_seckey, parseEntry(hex(v.exit.http_request.body)));
    expect(bytesToHex(opened.plaintext)).toBe(v.server_plaintext);
    const nonceBytes = v.server_enc_type === 'xchacha20' ? 24 : 12;
    const nonce = hex(v.reply.ciphertext).subarray(0, nonceBytes);
    expect(bytesToHex(sealReply(p, () => nonce, opened, hex(v.reply.plaintext)))).toBe(v.reply.ciphertext);
  });

  it.each(serverRequests)('%s is built so that the exit gets the same bytes, and its reply opens', (_name, v) => {
    const onion = buildOnion(p, randomOf(v), planOf(v));
    expect(bytesToHex(peelToExit(v, onion.body).plaintext)).toBe(v.exit.plaintext);
    const reply = v.reply.http_body_text === undefined ? hex(v.reply.http_body ?? '') : utf8(v.reply.http_body_text);
    expect(bytesToHex(onion.open(reply))).toBe(v.reply.plaintext);
  });

  it('needs a node that calls the server', () => {
    const v = vectors.server_requests[0];
    if (v === undefined) throw new Error('no vector');
    expect(() => buildOnion(p, randomOf(v), { ...planOf(v), path: [] })).toThrow(UnusableNodeKey);
  });
});

describe('server plaintexts', () => {
  const GOOD = '{"code":200,"headers":{}}';
  const example = (name: string) => vectors.v4_bencode.find((v) => v.name === name)?.text ?? '';
  const get: ServerRequest = { method: 'GET', endpoint: '/room/some-room', headers: { 'Some-Header': '12345' } };
  const post: ServerRequest = { method: 'POST', endpoint: '/some/thing', headers: { 'Some-Header': 'a' } };

  it('are a list of one or two strings in v4', () => {
    expect(text(buildV4Request(get))).toBe(example('get'));
    expect(text(buildV4Request({ ...post, body: utf8('post body here') }))).toBe(example('post'));
    expect(text(buildV4Request({ method: 'PUT', endpoint: '/x', body: new Uint8Array() }))).toMatch(/e?0:e$/);
  });

  it('are a JSON object in v3', () => {
    const v3 = vectors.server_requests.find((v) => v.version === 3);
    const request = buildV3Request({ method: 'GET', endpoint: 'session_version?platform=desktop' });
    expect(bytesToHex(request)).toBe(v3?.server_plaintext);
    expect(text(buildV3Request({ method: 'POST', endpoint: 'x', body: '{"a":1}' }))).toBe(
      '{"method":"POST","endpoint":"x","headers":{},"body":"{\\"a\\":1}"}',
    );
  });

  it('come back as code, headers and body', () => {
    const { code, headers, body } = parseV4Reply(utf8(example('reply')));
    expect(code).toBe(200);
    expect({ ...headers }).toEqual({ 'content-type': 'application/json' });
    expect(text(body)).toBe('{"id": 123}');
    const upperCase = bencode(['{"code":404,"headers":{"A":"B"}}', '']);
    expect({ ...parseV4Reply(upperCase).headers }).toEqual({ a: 'B' });
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['a number', bencode(1)],
    ['an empty list', bencode([])],
    ['one string', bencode([GOOD])],
    ['three strings', bencode([GOOD, '', ''])],
    ['a list for a body', bencode([GOOD, []])],
    ['no headers', bencode(['{"code":200}', ''])],
    ['headers that are a list', bencode(['{"code":200,"headers":[]}', ''])],
    ['no code', bencode(['{"headers":{}}', ''])],
    ['a code that is text', bencode(['{"code":"200","headers":{}}', ''])],
    ['a description that is not JSON', bencode(['{', ''])],
    ['a description that is a list', bencode(['[]', ''])],
    ['a header that is a number', bencode(['{"code":200,"headers":{"a":1}}', ''])],
    ['text after the list', concatBytes(bencode([GOOD, '']), utf8('x'))],
  ])('are refused when they hold %s', (_name, reply) => {
    expect(() => parseV4Reply(reply)).toThrow(UnreadableReply);
  });

  it('are refused with nothing but our own error, whatever the bytes', () => {
    const list = fc.string({ unit: fc.constantFrom(...Array.from('l0123e:{}"code,headers')), maxLength: 40 }).map(utf8);
    fc.assert(
      fc.property(fc.oneof(list, fc.uint8Array({ maxLength: 40 })), (bytes) => {
        expect(() => parseV4Reply(bytes)).toThrow(UnreadableReply);
      }),
    );
  });
});
