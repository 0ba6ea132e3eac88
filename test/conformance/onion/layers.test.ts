import { describe, expect, it } from '@jest/globals';
import {
  clientLayerKey,
  joinPayload,
  nodeLayerKey,
  splitPayload,
  unseal,
  type LayerKey,
  type Primitives,
} from '#protocol';
import { nodePrimitives } from '../../../libs/platform/src/crypto/node-primitives.js';
import { nativePrimitives } from '../../../libs/platform/src/crypto/native-primitives.js';
import { post } from '../../integration/relay/https-client.js';
import { INFO_REPLY } from '../../integration/relay/node-stub.js';
import { Relays } from '../../integration/relay/relays.js';
import { Layer, ONION_PATH } from '../../integration/relay/onion-client.js';
import { vectors } from '../../integration/relay/vector-network.js';
import { hex } from '../../vectors/onion-vectors.js';
import { CIPHERTEXT_CASES, rowsOf } from './vector-cases.js';

const INFO = '{"method":"info","params":{}}';
const FINAL = joinPayload(Buffer.from(INFO), '{"headers":""}');
const ANSWERED = JSON.stringify({ body: INFO_REPLY, status: 200 });
const INVALID_JSON = '{"body":"Invalid json","status":400}';
const FIELD = 2n ** 255n - 19n;

/** 32 bytes, little-endian, as hex. */
const littleEndian = (value: bigint): string =>
  Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse().toString('hex');

/** Every X25519 key of low order, in every spelling. */
const LOW_ORDER: [string, string][] = [
  ['0', littleEndian(0n)],
  ['1', littleEndian(1n)],
  ['a point of order 8', 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800'],
  ['the other point of order 8', '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157'],
  ['-1', littleEndian(FIELD - 1n)],
  ['0, spelled as the field', littleEndian(FIELD)],
  ['1, spelled above the field', littleEndian(FIELD + 1n)],
  ['0 with the top bit', littleEndian(2n ** 255n)],
];

const backEnds: [string, Primitives][] = [
  ['what services use', nativePrimitives()],
  ['node:crypto', nodePrimitives()],
];

describe('a layer', () => {
  describe.each(backEnds)('opened by %s', (_name, primitives) => {
    interface Pairs {
      readonly client_seckey: string;
      readonly client_pubkey: string;
      readonly server_seckey: string;
      readonly server_pubkey: string;
      readonly enc_type: LayerKey['encType'];
    }
    const keyOf = (side: 'client' | 'node', v: Pairs): LayerKey => {
      const own = side === 'client' ? [v.client_seckey, v.client_pubkey] : [v.server_seckey, v.server_pubkey];
      const pair = { secretKey: hex(own[0] ?? ''), publicKey: hex(own[1] ?? '') };
      const derive = side === 'client' ? clientLayerKey : nodeLayerKey;
      const key = derive(primitives, v.enc_type, pair, hex(side === 'client' ? v.server_pubkey : v.client_pubkey));
      if (key === null) throw new Error('the vector has unusable keys');
      return key;
    };
    const opened = (key: LayerKey, sealed: string): string | null => {
      const plaintext = unseal(primitives, key, hex(sealed));
      return plaintext && Buffer.from(plaintext).toString('hex');
    };

    const toRows = vectors.hop_ciphers.map((vector) => {
      const isCbcEdge = vector.name === 'empty-aes-cbc' || vector.name === 'block-aligned-aes-cbc';
      return [isCbcEdge ? 'C12' : 'C1', vector.name, vector] as const;
    });
    it.each(toRows)('%s gives back the plaintext of %s', (_id, _name, vector) => {
      const receiver = vector.direction === 'client-to-server' ? 'node' : 'client';
      expect(opened(keyOf(receiver, vector), vector.ciphertext)).toBe(vector.plaintext);
    });

    it.each(vectors.reference_unit_vectors.map((vector, i) => [i, vector] as const))(
      'C2 opens or refuses reference vector %i',
      (_i, vector) => {
        const frame = vector.frame === undefined ? null : splitPayload(hex(vector.frame));
        const sealed = frame === null ? (vector.ciphertext ?? '') : Buffer.from(frame.blob).toString('hex');
        if (frame !== null) {
          expect(sealed).toBe(vector.blob);
          expect(Buffer.from(frame.json).toString()).toBe(vector.control_json);
        }
        expect(opened(keyOf('node', vector), sealed)).toBe(vector.expect === 'ok' ? vector.plaintext : null);
      },
    );
  });

  describe('that a relay receives', () => {
    const relays = new Relays(['entry', 'middle']);
    const expectUnreadable = async (body: Uint8Array, at = relays.port): Promise<void> => {
      const { status, reason, text, headers } = await post(at, ONION_PATH, body);
      expect([status, reason, text, headers['content-type']]).toEqual([
        400,
        'Bad Request',
        'Invalid ciphertext',
        'text/plain',
      ]);
    };

    it.each(rowsOf(vectors.negative.ciphertext, CIPHERTEXT_CASES))('%s refuses %s', async (_id, _name, vector) => {
      const receiver = vectors.nodes.find((node) => node.x25519_seckey === vector.x25519_seckey)?.name ?? '';
      const control = { ephemeral_key: vector.ephemeral_key, enc_type: vector.enc_type };
      const body = joinPayload(hex(vector.ciphertext), JSON.stringify(control));
      await expectUnreadable(body, relays.relay(receiver).httpsPort);
    });

    it.each([
      ['xchacha20', 39],
      ['aes-gcm', 27],
      ['aes-cbc', 31],
      ['aes-cbc', 16],
    ])('C5 refuses %s of %i bytes', async (enc_type, bytes) => {
      const control = { ...new Layer('entry').opener, enc_type };
      await expectUnreadable(joinPayload(Buffer.alloc(bytes, 7), JSON.stringify(control)));
    });

    it.each(LOW_ORDER)('C8 refuses the key of low order that is %s', async (_what, key) => {
      for (const enc_type of ['xchacha20', 'aes-gcm', 'aes-cbc']) {
        const control = { ephemeral_key: key, enc_type };
        await expectUnreadable(joinPayload(Buffer.alloc(64), JSON.stringify(control)));
      }
    });

    it('C8 refuses another spelling of a good key', async () => {
      const layer = new Layer('entry');
      const key = hex(layer.opener.ephemeral_key);
      key[31] = (key[31] ?? 0) | 0x80;
      await expectUnreadable(layer.body(FINAL, { ephemeral_key: Buffer.from(key).toString('hex') }));
      expect(layer.open(await post(relays.port, ONION_PATH, layer.body(FINAL)))).toBe(ANSWERED);
    });

    it('C6 refuses a layer for the next node', async () => {
      await expectUnreadable(new Layer('middle').body(FINAL));
    });

    it.each([
      ['xchacha20', 'xchacha20-poly1305'],
      ['aes-gcm', 'gcm'],
      ['aes-cbc', 'cbc'],
    ] as const)('C11 opens %s under its second name %s', async (encType, alias) => {
      const layer = new Layer('entry', encType);
      expect(layer.open(await post(relays.port, ONION_PATH, layer.body(FINAL, { enc_type: alias })))).toBe(ANSWERED);
    });

    it('C12 opens an empty plaintext in CBC, and then finds no frame in it', async () => {
      const layer = new Layer('entry', 'aes-cbc');
      expect(layer.open(await post(relays.port, ONION_PATH, layer.body(new Uint8Array())))).toBe(INVALID_JSON);
    });

    it('C12 opens a plaintext of whole blocks in CBC', async () => {
      const layer = new Layer('entry', 'aes-cbc');
      const spaces = (16 - ((FINAL.length + 2) % 16)) % 16;
      const aligned = joinPayload(Buffer.from(INFO), `{"headers":"${' '.repeat(spaces + 2)}"}`);
      expect(aligned.length % 16).toBe(0);
      expect(layer.open(await post(relays.port, ONION_PATH, layer.body(aligned)))).toBe(ANSWERED);
    });

    it('C3 says nothing about which of its parts was changed', async () => {
      const sealed = new Layer('entry');
      const body = sealed.body(FINAL);
      const texts = new Set<string>();
      for (const at of [4, 20, 60]) {
        const changed = Uint8Array.from(body);
        changed[at] = (changed[at] ?? 0) ^ 1;
        const { status, text } = await post(relays.port, ONION_PATH, changed);
        texts.add(`${status} ${text}`);
      }
      expect([...texts]).toEqual(['400 Invalid ciphertext']);
    });
  });
});
