import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sourceOf } from './source-of.js';

describe('sourceOf', () => {
  it.each([
    ['IPv4 by its address', '192.0.2.1', '192.0.2.1', true],
    ['IPv4 neighbours apart', '192.0.2.1', '192.0.2.2', false],
    ['IPv4 inside IPv6 as IPv4', '::ffff:192.0.2.1', '192.0.2.1', true],
    ['IPv4 inside IPv6 in hex as IPv4', '::ffff:c000:201', '192.0.2.1', true],
    ['addresses of one /64 together', '2001:db8::1', '2001:db8:0:0:ffff::2', true],
    ['addresses of two /64 apart', '2001:db8::1', '2001:db8:0:1::1', false],
    ['an address with its interface as without', 'fe80::1%eth0', 'fe80::2', true],
    ['what is no address as one', 'not:an:address', ':::', true],
  ])('takes %s', (_name, one, other, areSame) => {
    expect(sourceOf(one) === sourceOf(other)).toBe(areSame);
  });

  it('sees nothing but the first 64 bits of any IPv6 address', () => {
    const groups = (count: number) =>
      fc.array(fc.integer({ min: 1, max: 0xffff }), { minLength: count, maxLength: count });
    fc.assert(
      fc.property(groups(4), groups(4), groups(4), (network, one, other) => {
        const text = (host: readonly number[]): string =>
          [...network, ...host].map((each) => each.toString(16)).join(':');
        return sourceOf(text(one)) === sourceOf(text(other));
      }),
    );
  });
});
