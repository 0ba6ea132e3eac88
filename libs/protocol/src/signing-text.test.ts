import { describe, expect, it } from '@jest/globals';
import { encodeBase64 } from './base64.js';
import { hexToBytes, utf8 } from './hex.js';
import { noblePrimitives as p } from './noble-primitives.js';
import { signingText } from './signing-text.js';

const T = 1_700_000_000_000;
const seedFrom = (first: number): Uint8Array => Uint8Array.from({ length: 32 }, (_unused, at) => first + at);
const signs = (firstByte: number, text: Uint8Array): string => {
  const seed = seedFrom(firstByte);
  return encodeBase64(p.ed25519Sign(text, { seed, publicKey: p.ed25519PublicKey(seed) }));
};
const token =
  hexToBytes('030300002543b92ff1095511476adc8369db6ddc933665a11978dda1404ee1066ca9559d') ?? new Uint8Array();

describe('signingText', () => {
  // docs/protocol/storage-rpc.md §14: seeds are 00..1f (account A), 20..3f (group G) and 40..5f (delegate D)
  it.each([
    [
      'retrieve',
      0x00,
      signingText.retrieve(0, T),
      'RmRCJ3nPhaFug4AB8jINXur5kyTGwHO1bsHA7cXrxLyQ5EXbDGkrSB3LKQzymcuvtAyW+rlkdJx66UX28NliDw==',
    ],
    [
      'retrieve of namespace 5',
      0x00,
      signingText.retrieve(5, T),
      'XHdcNBVFvS4QllEbX7OXYzuW1g0mqNB9O9CO5W90jztz/jSKqu6uHZZPjf/XDMVs83wzMhghFB1UBoFsPv1ZAg==',
    ],
    [
      'store to namespace 5',
      0x00,
      signingText.store(5, T),
      'tJ0VFTPBmyDeWbKlaFImOFZRyq1PrP8hFg9Hb0hoXP02PMEsJcFdhwM17+28c1/Y0V3AAGdCwKf0JAWc824GCw==',
    ],
    [
      'delete_all',
      0x00,
      signingText.deleteAll('all', T),
      'YQyILGAq+EuIyzxxRAVumYDmPXtV75Bo37ffvubZfzK1UGT7vR4JnisuD/qijc3N3++4NKIvbOdeIgYCKGrmCw==',
    ],
    [
      'retrieve by the delegate',
      0x40,
      signingText.retrieve(11, T),
      'rzKdo6Q3Wm1DlHul1oltUaxU5y8srv0Ew7AspkvB604ktHG6ssWuK4l1hOIn3CucIA0dJTwMkRr7XWNo2WO9BQ==',
    ],
    [
      'revoke_subaccount',
      0x20,
      signingText.revokeSubaccount(T, [token]),
      '1SvAYpFutLPnUxrKMlVRgrbh4KUPGvbUzoRzzKD6uJEHgysGo/olUqsmbtw8N1oj0JNzH+FXAT49SHuKwC3yCw==',
    ],
  ])('of %s is what the published signature covers', (_name, firstByte, text, signature) => {
    expect(signs(firstByte, text)).toBe(signature);
  });

  it.each([
    [signingText.store(0, T), 'store1700000000000'],
    [signingText.store(-42, T), 'store-421700000000000'],
    [signingText.delete(['bb', 'aa']), 'deletebbaa'],
    [signingText.deleteAll(0, T), 'delete_all1700000000000'],
    [signingText.deleteBefore(0, T), 'delete_before1700000000000'],
    [signingText.deleteBefore('all', T), 'delete_beforeall1700000000000'],
    [signingText.expireAll(3, T), 'expire_all31700000000000'],
    [signingText.expire('', [T], ['x', 'y']), 'expire1700000000000xy'],
    [signingText.expire('shorten', [T, T + 1], ['x']), 'expireshorten17000000000001700000000001x'],
    [signingText.expire('extend', [T], []), 'expireextend1700000000000'],
    [signingText.getExpiries(T, ['x']), 'get_expiries1700000000000x'],
    [signingText.unrevokeSubaccount(T, [utf8('tt'), utf8('uu')]), 'unrevoke_subaccount1700000000000ttuu'],
  ])('%# has no separators and no namespace 0', (text, expected) => {
    expect(text).toEqual(utf8(expected));
  });
});
