import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesToHex, utf8 } from '../hex.js';
import { noblePrimitives as p } from '../noble-primitives.js';
import type { Ed25519KeyPair } from '../primitives.js';
import { ListRefused } from './list-refused.js';
import { makeNextList } from './next-list.js';
import {
  encodeSignedList,
  parseSignedList,
  signNetworkList,
  verifySignedList,
  type ListTrust,
  type SignedList,
} from './signed-list.js';

const keyPair = (fill: number): Ed25519KeyPair => {
  const seed = new Uint8Array(32).fill(fill);
  return { seed, publicKey: p.ed25519PublicKey(seed) };
};
const [alice, bob, stranger] = [keyPair(1), keyPair(2), keyPair(3)];
const [aliceKey, bobKey, strangerKey] = [alice, bob, stranger].map(({ publicKey }) => bytesToHex(publicKey)) as [
  string,
  string,
  string,
];

const list = makeNextList(
  p,
  null,
  { put: [{ ed25519: '0a'.repeat(32), ip: '127.0.0.1', httpsPort: 1, peerPort: 2, state: 'active' }] },
  { network: 'sample', seed: '12'.repeat(32), issuedMs: 1, expiresMs: 2, swarms: 'compose' },
);
const trust: ListTrust = { network: 'sample', admins: [aliceKey, bobKey], required: 2 };
const signedBy = (...keys: readonly Ed25519KeyPair[]): SignedList => ({
  listText: list.text,
  signatures: keys.map((key) => signNetworkList(p, list.text, key)),
});
const check = (file: string | Uint8Array): unknown => verifySignedList(p, parseSignedList(file), trust);

describe('a signed list', () => {
  it('is taken from its file when enough administrators signed it', () => {
    const file = encodeSignedList(signedBy(bob, alice));
    expect(check(file)).toEqual(list);
    expect(check(utf8(file))).toEqual(list);
    expect(check(`${file}\n`)).toEqual(list);
  });

  it('signs the text behind a prefix of its own', () => {
    const signature = p.ed25519Sign(utf8(`starling-network-list-v1\n${list.text}`), alice);
    expect(signNetworkList(p, list.text, alice)).toEqual({ admin: aliceKey, signature });
  });

  it.each([
    ['too few signatures', signedBy(alice), trust, 'The list has 1 of the 2 signatures that are required.'],
    ['none although none is demanded', signedBy(), { ...trust, required: 0 }, 'The list has 0 of the 1 signatures'],
    ['two signatures of one', signedBy(alice, alice), trust, `Administrator ${aliceKey} signed the list twice.`],
    ['a stranger', signedBy(alice, bob, stranger), trust, `signed by ${strangerKey}, who is not an administrator`],
    [
      'another network',
      signedBy(alice, bob),
      { ...trust, network: 'other' },
      'is for the network "sample", this node belongs to "other"',
    ],
    [
      'a signature of another text',
      { ...signedBy(alice), signatures: [signNetworkList(p, 'other', alice)] },
      { ...trust, required: 1 },
      `The signature of administrator ${aliceKey} does not belong to this list.`,
    ],
    [
      'a bad signature beside enough good ones',
      {
        ...signedBy(alice),
        signatures: [...signedBy(alice).signatures, { admin: bobKey, signature: new Uint8Array(64) }],
      },
      { ...trust, required: 1 },
      `The signature of administrator ${bobKey} does not belong to this list.`,
    ],
    [
      'a signature that is too short',
      { ...signedBy(), signatures: [{ admin: aliceKey, signature: new Uint8Array(63) }] },
      trust,
      'does not belong',
    ],
  ])('is refused for %s', (_name, signed, whom, message) => {
    expect(() => verifySignedList(p, signed, whom)).toThrow(ListRefused);
    expect(() => verifySignedList(p, signed, whom)).toThrow(message);
  });

  it('does not let unsigned text be read at all', () => {
    const signed = { listText: '{', signatures: [] };
    expect(() => verifySignedList(p, signed, trust)).toThrow('signatures that are required');
  });

  it.each([
    ['no JSON', 'list', 'The list file is not JSON'],
    ['bytes that are not text', Uint8Array.of(0xff), 'The list file is not JSON: not UTF-8.'],
    ['no object', '5', 'The list file must be an object.'],
    ['no text', '{"signatures":[]}', 'list must be text.'],
    ['a list that is an object', '{"list":{},"signatures":[]}', 'list must be text.'],
    ['no signatures', '{"list":""}', 'signatures must be an array.'],
    ['another member', '{"list":"","signatures":[],"x":1}', 'The list file has the unknown member "x".'],
    [
      'a flood of signatures',
      JSON.stringify({ list: '', signatures: Array(65).fill({}) }),
      'signatures has more than 64 entries.',
    ],
    [
      'a signature without its owner',
      '{"list":"","signatures":[{"signature":""}]}',
      'signatures[0].signature must be 64 bytes in base64.',
    ],
    [
      'a signature in hex',
      JSON.stringify({ list: '', signatures: [{ admin: aliceKey, signature: 'ab'.repeat(64) }] }),
      'must be 64 bytes in base64',
    ],
    ['a signature without padding', encodeSignedList(signedBy(alice)).replace('==', ''), 'must be 64 bytes in base64'],
    ['more than a file may hold', new Uint8Array(17 * 1024 * 1024), 'The list file is larger than'],
  ])('is refused for %s in its file', (_name, file, message) => {
    expect(() => parseSignedList(file)).toThrow(ListRefused);
    expect(() => parseSignedList(file)).toThrow(message);
  });

  it('is refused once any byte of its file is another one', () => {
    const bytes = utf8(encodeSignedList(signedBy(alice, bob)));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const altered = bytes.map((byte, index) => (index === at ? byte ^ flip : byte));
        expect(() => check(altered)).toThrow(ListRefused);
      }),
      { numRuns: 150 }, // each run may cost two signature checks
    );
  });

  it('is refused once any character of its text is another one', () => {
    const { signatures } = signedBy(alice, bob);
    fc.assert(
      fc.property(fc.nat(list.text.length - 1), fc.integer({ min: 1, max: 127 }), (at, flip) => {
        const code = list.text.charCodeAt(at) ^ flip;
        const listText = list.text.slice(0, at) + String.fromCharCode(code) + list.text.slice(at + 1);
        expect(() => verifySignedList(p, { listText, signatures }, trust)).toThrow(ListRefused);
      }),
      { numRuns: 100 },
    );
  });
});
