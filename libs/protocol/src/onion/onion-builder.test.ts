import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  hex,
  loadOnionVectors,
  type NodeVector,
  type OnionRequestVector,
} from '../../../../test/vectors/onion-vectors.js';
import { encodeBase64 } from '../base64.js';
import { bytesToHex, utf8 } from '../hex.js';
import { noblePrimitives as p } from '../noble-primitives.js';
import type { RandomBytes } from '../primitives.js';
import type { EncType } from './enc-type.js';
import { parseEntry } from './entry-request.js';
import { decodeHopFrame, encodeHopFrame } from './hop-frame.js';
import { openLayer, sealReply, type OpenedLayer } from './layer-cipher.js';
import { parseLayer, type FinalAction } from './layer.js';
import { parseNodeReply } from './node-reply.js';
import { buildOnion, type FinalControl, type NodeTarget, type OnionPlan } from './onion-builder.js';
import { UnreadableReply, UnusableNodeKey } from './onion-errors.js';

const vectors = loadOnionVectors();
const onionRequests = vectors.onion_requests.map((v) => [v.name, v] as const);

function nodeNamed(name: string): NodeVector {
  const node = vectors.nodes.find((item) => item.name === name);
  if (node === undefined) throw new Error(`no node ${name}`);
  return node;
}

const targetOf = (name: string, encType?: EncType): NodeTarget => {
  const { ed25519_pubkey, x25519_pubkey } = nodeNamed(name);
  return { ed25519: ed25519_pubkey, x25519: x25519_pubkey, ...(encType && { encType }) };
};

/** Hands out what the vector used, in the order in which the builder asks. */
function replay(answers: readonly string[]): RandomBytes {
  const queue = [...answers];
  return (length) => {
    const bytes = hex(queue.shift() ?? '');
    if (bytes.length !== length) throw new Error(`asked for ${length} bytes, the vector has ${bytes.length}`);
    return bytes;
  };
}

function planOf(v: OnionRequestVector): OnionPlan {
  const targets = v.path.map((name, i) => targetOf(name, v.enc_types[i]));
  const destination = targets.at(-1);
  const last = v.hops.at(-1);
  if (destination === undefined || last?.action.type !== 'final-destination') throw new Error('no destination');
  const { hop_no: hopNo } = JSON.parse(v.entry_control_json) as { hop_no?: number };
  return {
    path: targets.slice(0, -1),
    destination,
    payload: utf8(last.action.rpc_body),
    control: JSON.parse(last.control_json) as FinalControl,
    nameEncType: v.explicit_enc_type,
    ...(hopNo !== undefined && { hopNo }),
  };
}

/** The reply of the destination as it stands in the vector's HTTP answer. */
const httpReply = ({ response }: OnionRequestVector): Uint8Array =>
  response.http_body_text === undefined ? hex(response.http_body ?? '') : utf8(response.http_body_text);

describe('an onion request', () => {
  it.each(onionRequests)('%s is built byte for byte', (_name, v) => {
    const random = replay(v.hops.toReversed().flatMap((hop) => [hop.ephemeral_seckey, hop.nonce]));
    expect(bytesToHex(buildOnion(p, random, planOf(v)).body)).toBe(v.entry_body);
  });

  it.each(onionRequests)('%s is peeled hop by hop', (_name, v) => {
    const entry = parseEntry(hex(v.entry_body));
    let frame = {
      data: entry.ciphertext,
      encType: entry.encType,
      ephemeralKey: entry.ephemeralKey,
      hopNo: entry.hopNo,
    };
    for (const hop of v.hops) {
      const received = {
        ciphertext: bytesToHex(frame.data),
        ephemeral_key: bytesToHex(frame.ephemeralKey),
        enc_type: frame.encType,
        hop_no: frame.hopNo,
      };
      expect(received).toEqual(hop.received);

      const opened = open(hop.node, frame.encType, frame.data, frame.ephemeralKey);
      expect(bytesToHex(opened.key)).toBe(hop.hop_key);
      expect(bytesToHex(opened.plaintext)).toBe(hop.plaintext);

      const action = parseLayer(opened.plaintext);
      if (hop.action.type === 'final-destination') {
        expect(action).toMatchObject({ kind: 'final', json: hop.action.json_flag, base64: hop.action.base64_flag });
        expect(new TextDecoder().decode((action as FinalAction).body)).toBe(hop.action.rpc_body);
      } else if (action.kind === 'relay-node') {
        expect(action.destination).toBe(hop.action.next_ed25519);
        const { ciphertext: data, encType, ephemeralKey } = action;
        const sent = Buffer.concat(encodeHopFrame({ data, encType, ephemeralKey, hopNo: frame.hopNo + 1 }));
        expect(bytesToHex(sent)).toBe(hop.action.sn_onion_request_frame);
        frame = decodeHopFrame(sent);
      } else {
        throw new Error(`unexpected ${action.kind}`);
      }
    }
  });

  it.each(onionRequests)('%s: the reply is sealed and opened as in the vector', (_name, v) => {
    const destination = v.hops.at(-1);
    if (destination === undefined) throw new Error('no destination');
    const { ciphertext, enc_type: encType, ephemeral_key: ephemeralKey } = destination.received;
    const opened = open(destination.node, encType, hex(ciphertext), hex(ephemeralKey));
    expect(bytesToHex(opened.key)).toBe(v.response.key);

    const nonceBytes = { xchacha20: 24, 'aes-gcm': 12, 'aes-cbc': 16 }[encType];
    const nonce = v.response.ciphertext.slice(0, 2 * nonceBytes);
    const reply = sealReply(p, () => hex(nonce), opened, utf8(v.response.plaintext));
    expect(bytesToHex(reply)).toBe(v.response.ciphertext);

    const random = replay(v.hops.toReversed().flatMap((hop) => [hop.ephemeral_seckey, hop.nonce]));
    const plaintext = buildOnion(p, random, planOf(v)).open(httpReply(v));
    expect(new TextDecoder().decode(plaintext)).toBe(v.response.plaintext);
    expect(parseNodeReply(plaintext).status).toBe(200);
  });

  function open(node: string, encType: EncType, ciphertext: Uint8Array, ephemeralKey: Uint8Array): OpenedLayer {
    const { x25519_seckey, x25519_pubkey } = nodeNamed(node);
    const own = { secretKey: hex(x25519_seckey), publicKey: hex(x25519_pubkey) };
    const opened = openLayer(p, { encType, ciphertext, ephemeralKey, ...own, allowAesCbc: true });
    if (opened === null) throw new Error(`${node} cannot open its layer`);
    return opened;
  }

  it('makes the whole journey and back, for 1 to 4 nodes and every cipher', () => {
    const encTypes = fc.constantFrom<EncType>('xchacha20', 'aes-gcm', 'aes-cbc');
    const journey = fc.record({
      ciphers: fc.array(encTypes, { minLength: 1, maxLength: 4 }),
      payload: fc.uint8Array({ maxLength: 200 }),
      reply: fc.uint8Array({ maxLength: 200 }),
      base64: fc.boolean(),
      seed: fc.uint8Array({ minLength: 8, maxLength: 8 }),
    });
    fc.assert(
      fc.property(journey, ({ ciphers, payload, reply, base64, seed }) => {
        const random = repeatable(seed);
        const targets = ciphers.map((encType, i) => targetOf(vectors.nodes[i]?.name ?? '', encType));
        const [destination = targetOf('entry'), ...path] = targets.toReversed();
        const onion = buildOnion(p, random, {
          path: path.toReversed(),
          destination,
          payload,
          control: { headers: null, base64 },
        });

        let { ciphertext, encType, ephemeralKey } = parseEntry(onion.body);
        let opened: OpenedLayer | undefined;
        for (const [i] of ciphers.entries()) {
          opened = open(vectors.nodes[i]?.name ?? '', encType, ciphertext, ephemeralKey);
          const action = parseLayer(opened.plaintext);
          if (action.kind !== 'relay-node') {
            expect(action).toEqual({ kind: 'final', body: payload, json: false, base64 });
            break;
          }
          expect(action.destination).toBe(targets[i + 1]?.ed25519);
          ({ ciphertext, encType, ephemeralKey } = action);
        }
        if (opened === undefined) throw new Error('nothing opened');
        const sealed = sealReply(p, random, opened, reply);
        expect(onion.open(base64 ? utf8(encodeBase64(sealed)) : sealed)).toEqual(reply);
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    ['empty', new Uint8Array()],
    ['not base64', utf8('Next node not found: x')],
    ['base64 of something else', utf8(encodeBase64(new Uint8Array(64)))],
    ['raw bytes', Uint8Array.of(0xff, 0xfe)],
  ])('refuses a reply that is %s', (_name, reply) => {
    const onion = buildOnion(p, repeatable(new Uint8Array(8)), {
      path: [],
      destination: targetOf('entry'),
      payload: utf8('{}'),
    });
    expect(() => onion.open(reply)).toThrow(UnreadableReply);
  });

  it.each([
    ['of low order', { ...targetOf('entry'), x25519: '00'.repeat(32) }],
    ['not hex', { ...targetOf('entry'), x25519: 'xy'.repeat(32) }],
    ['too short', { ...targetOf('entry'), x25519: '01'.repeat(31) }],
  ])('is not built for a key that is %s', (_name, destination) => {
    const plan = { path: [], destination, payload: new Uint8Array() };
    expect(() => buildOnion(p, repeatable(new Uint8Array(8)), plan)).toThrow(UnusableNodeKey);
  });
});

/** Random enough for a test, and the same in every run: BLAKE2b over a seed and a counter. */
function repeatable(seed: Uint8Array): RandomBytes {
  let counter = 0;
  return (length) => p.blake2b([seed, Uint8Array.of(counter++)], length);
}
