import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hex, loadOnionVectors } from '../../../../test/vectors/onion-vectors.js';
import { bytesToHex } from '../hex.js';
import { noblePrimitives as p } from '../noble-primitives.js';
import type { EncType } from './enc-type.js';
import { clientLayerKey, nodeLayerKey, openLayer, seal, sealReply, unseal, type LayerKey } from './layer-cipher.js';
import { splitPayload } from './payload.js';

const vectors = loadOnionVectors();
const ENC_TYPES: EncType[] = ['xchacha20', 'aes-gcm', 'aes-cbc'];

interface Pairs {
  readonly client_seckey: string;
  readonly client_pubkey: string;
  readonly server_seckey: string;
  readonly server_pubkey: string;
}

const clientPair = (v: Pairs) => ({ secretKey: hex(v.client_seckey), publicKey: hex(v.client_pubkey) });
const serverPair = (v: Pairs) => ({ secretKey: hex(v.server_seckey), publicKey: hex(v.server_pubkey) });

function bothKeys(encType: EncType, v: Pairs): { client: LayerKey; node: LayerKey } {
  const client = clientLayerKey(p, encType, clientPair(v), hex(v.server_pubkey));
  const node = nodeLayerKey(p, encType, serverPair(v), hex(v.client_pubkey));
  if (client === null || node === null) throw new Error('the vector has unusable keys');
  return { client, node };
}

function nodePair(secret: string) {
  const secretKey = hex(secret);
  return { secretKey, publicKey: p.x25519PublicKey(secretKey) };
}

describe('the key of a layer', () => {
  it.each(vectors.shared_keys.map((v) => [v.name, v] as const))('is the same on both sides (%s)', (_name, v) => {
    const expected = { xchacha20: v.xchacha20_key, 'aes-gcm': v.aes_gcm_key, 'aes-cbc': v.aes_cbc_key };
    for (const encType of ENC_TYPES) {
      const { client, node } = bothKeys(encType, v);
      expect(bytesToHex(client.key)).toBe(expected[encType]);
      expect(bytesToHex(node.key)).toBe(expected[encType]);
    }
  });

  it.each([
    ['zero', '00'.repeat(32)],
    ['one', `01${'00'.repeat(31)}`],
    ['of order 8', 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800'],
    ['2^255-19, zero in another spelling', `ed${'ff'.repeat(30)}7f`],
    ['the top bit set on a good key', 'f7b99da2e25e3c399902641c707ae20ad72b63ed0cc487730ff0b3bcecf18689'],
    ['31 bytes', '01'.repeat(31)],
  ])('does not exist for a public key that is %s', (_name, key) => {
    const own = nodePair('7d446468c186d6fb3c83365ab77a37b1f9fa3e59eb9788a40ae2e9560f196f30');
    for (const encType of ENC_TYPES) {
      expect(nodeLayerKey(p, encType, own, hex(key))).toBeNull();
      expect(clientLayerKey(p, encType, own, hex(key))).toBeNull();
    }
  });
});

describe('hop ciphers', () => {
  it.each(vectors.hop_ciphers.map((v) => [v.name, v] as const))(
    '%s opens and is made again, byte for byte',
    (_name, v) => {
      const { client, node } = bothKeys(v.enc_type, v);
      const toServer = v.direction === 'client-to-server';
      const [sender, receiver] = toServer ? [client, node] : [node, client];

      expect(bytesToHex(unseal(p, receiver, hex(v.ciphertext)) ?? new Uint8Array())).toBe(v.plaintext);
      const again = seal(p, () => hex(v.nonce), sender, hex(v.plaintext));
      expect(bytesToHex(again)).toBe(v.ciphertext);
      expect(again.length - v.plaintext.length / 2).toBe(v.overhead);
    },
  );

  it.each(vectors.reference_unit_vectors.map((v, i) => [`${i} ${v.enc_type}: ${v.expect}`, v] as const))(
    'reference unit vector %s',
    (_name, v) => {
      const frame = v.frame === undefined ? null : splitPayload(hex(v.frame));
      if (frame !== null) {
        expect(bytesToHex(frame.blob)).toBe(v.blob);
        expect(new TextDecoder().decode(frame.json)).toBe(v.control_json);
      }
      const ciphertext = frame?.blob ?? hex(v.ciphertext ?? '');
      const opened = openLayer(p, {
        encType: v.enc_type,
        ciphertext,
        ephemeralKey: hex(v.client_pubkey),
        ...serverPair(v),
      });
      expect(opened && bytesToHex(opened.plaintext)).toBe(v.expect === 'ok' ? v.plaintext : null);
      if (opened !== null && v.reply_overhead !== undefined) {
        const reply = sealReply(p, (n) => new Uint8Array(n), opened, Uint8Array.of(1, 2, 3));
        expect(reply.length).toBe(3 + v.reply_overhead);
      }
    },
  );
});

describe('opening a layer', () => {
  it.each(vectors.negative.ciphertext.map((v) => [v.name, v] as const))('refuses %s', (_name, v) => {
    const layer = {
      encType: v.enc_type,
      ciphertext: hex(v.ciphertext),
      ephemeralKey: hex(v.ephemeral_key),
      ...nodePair(v.x25519_seckey),
    };
    expect(openLayer(p, { ...layer, allowAesCbc: true })).toBeNull();
  });

  it('takes AES-CBC only when told to', () => {
    const v = vectors.hop_ciphers.find((item) => item.name === 'grumpy-aes-cbc-client-to-server');
    if (v === undefined) throw new Error('vector missing');
    const layer = {
      encType: v.enc_type,
      ciphertext: hex(v.ciphertext),
      ephemeralKey: hex(v.client_pubkey),
      ...serverPair(v),
    };
    expect(openLayer(p, layer)).toBeNull();
    expect(openLayer(p, { ...layer, allowAesCbc: false })).toBeNull();
    expect(bytesToHex(openLayer(p, { ...layer, allowAesCbc: true })?.plaintext ?? new Uint8Array())).toBe(v.plaintext);
  });

  it.each<[EncType, number]>([
    ['xchacha20', 39],
    ['aes-gcm', 27],
    ['aes-cbc', 31],
    ['aes-cbc', 33],
    ['xchacha20', 0],
  ])('works out no key for %s of %i bytes', (encType, bytes) => {
    const own = nodePair('c33ea7d3d250cd7dc84e0839f9d23afd0e7fd0b0454aa4738ef5a04a5154cc34');
    const x25519 = (): never => {
      throw new Error('the costly part');
    };
    const layer = { encType, ephemeralKey: new Uint8Array(32).fill(9), ...own, allowAesCbc: true };
    expect(openLayer({ ...p, x25519 }, { ...layer, ciphertext: new Uint8Array(bytes) })).toBeNull();
    expect(() => openLayer({ ...p, x25519 }, { ...layer, ciphertext: new Uint8Array(48) })).toThrow('the costly part');
  });

  it('never throws, whatever the bytes', () => {
    const own = nodePair('c33ea7d3d250cd7dc84e0839f9d23afd0e7fd0b0454aa4738ef5a04a5154cc34');
    const hostile = fc.record({
      encType: fc.constantFrom(...ENC_TYPES),
      ciphertext: fc.uint8Array({ maxLength: 100 }),
      ephemeralKey: fc.uint8Array({ maxLength: 40 }),
    });
    fc.assert(
      fc.property(hostile, (layer) => {
        const opened = openLayer(p, { ...layer, ...own, allowAesCbc: true });
        // Only CBC, which authenticates nothing, can open by chance.
        return opened === null || layer.encType === 'aes-cbc';
      }),
    );
  });
});
