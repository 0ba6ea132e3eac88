import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Needles } from './needles.js';

const KEY_BYTES = 32;
const key = fc.uint8Array({ minLength: KEY_BYTES, maxLength: KEY_BYTES });
const around = fc.uint8Array({ maxLength: 7 });

const FORMS: readonly BufferEncoding[] = ['latin1', 'hex', 'base64', 'base64url'];

describe('the search for what nobody may be told', () => {
  it.each(FORMS)('finds a key, alone or inside of more, in %s', (form) => {
    fc.assert(
      fc.property(key, around, around, (bytes, before, after) => {
        const needles = new Needles();
        needles.bytes('the key', bytes);
        const text = Buffer.concat([before, bytes, after]).toString(form);
        return needles.foundIn(Buffer.from(`{"reason":"${text}"}`, 'latin1')).includes('the key');
      }),
    );
  });

  it('finds digits in upper case, and a text as it is', () => {
    const needles = new Needles();
    needles.text('an account', `05${'ab'.repeat(32)}`);
    needles.text('an address', '127.77.13.101');
    expect(needles.foundIn(Buffer.from(`05${'AB'.repeat(32)}`))).toEqual(['an account']);
    expect(needles.foundIn(Buffer.from('from ::ffff:127.77.13.101:5555'))).toEqual(['an address']);
  });

  it('finds the number of a port, not its digits in another number', () => {
    const needles = new Needles();
    needles.port(40_123);
    expect(needles.portsIn('{"port":40123}')).toEqual([40_123]);
    expect(needles.portsIn('{"time":1764040123,"ms":0.40123,"bytes":401234}')).toEqual([]);
  });

  it('finds nothing where nothing is', () => {
    const needles = new Needles();
    fc.assert(
      fc.property(key, (bytes) => {
        needles.bytes('a key', bytes);
        return needles.foundIn(Buffer.from('{"level":"info","event":"started","port":9101}')).length === 0;
      }),
    );
  });
});
