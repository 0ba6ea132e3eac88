import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readDoorHeader, writeDoorHeader } from './door-header.js';

const V4 = '0d0a0d0a000d0a515549540a2111000cc0000201c6336402d9035605';
const V6 = '0d0a0d0a000d0a515549540a2121002420010db800000000000000000000000120010db8000000000000000000000002d9035605';
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const START = '0d0a0d0a000d0a515549540a';

const port = fc.integer({ min: 0, max: 65_535 });
const v4 = fc.ipV4();
/** Beyond those that wrap an IPv4 address, which are read as that. */
const v6 = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 7, maxLength: 7 })
  .map((groups) => ['2001', ...groups.map((group) => group.toString(16))].join(':'));
const endpoints = fc
  .constantFrom(v4, v6)
  .chain((address) => fc.tuple(fc.record({ address, port }), fc.record({ address, port })));

/** What is made of bytes that come in these pieces, by a reader that stops as soon as it knows. */
function readInPieces(bytes: Buffer, cuts: readonly number[]): unknown {
  for (const end of [...cuts.filter((cut) => cut <= bytes.length).toSorted((a, b) => a - b), bytes.length]) {
    const read = readDoorHeader(bytes.subarray(0, end));
    if (read.kind !== 'unfinished') return read;
  }
  return { kind: 'unfinished' };
}

describe('the header of a door', () => {
  it.each([
    ['IPv4', V4, '192.0.2.1', '198.51.100.2'],
    ['IPv6', V6, '2001:db8::1', '2001:db8::2'],
  ])('has these bytes for %s', (_name, bytes, client, reached) => {
    expect(writeDoorHeader({ address: client, port: 55_555 }, { address: reached, port: 22_021 })).toEqual(hex(bytes));
    expect(readDoorHeader(hex(`${bytes}160301`))).toEqual({ kind: 'client', address: client, bytes: bytes.length / 2 });
  });

  it('is of IPv4 where IPv6 wraps both ends, and of IPv6 where the ends differ', () => {
    const mapped = writeDoorHeader(
      { address: '::ffff:192.0.2.1', port: 55_555 },
      { address: '::ffff:198.51.100.2', port: 22_021 },
    );
    expect(mapped).toEqual(hex(V4));
    const mixed = writeDoorHeader({ address: '192.0.2.1', port: 1 }, { address: 'fe80::1%eth0', port: 2 });
    expect(mixed?.subarray(13, 16)).toEqual(hex('21 0024'));
    expect(readDoorHeader(mixed ?? Buffer.alloc(0))).toMatchObject({ kind: 'client', address: '192.0.2.1' });
  });

  it('is not written for what is no address', () => {
    expect(writeDoorHeader({ address: '', port: 1 }, { address: '192.0.2.1', port: 2 })).toBeNull();
  });

  it.each([
    ['another signature', '0d0a0d0a000d0a515549540b 2111 000c'],
    ['the older form in text', Buffer.from('PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n').toString('hex')],
    ['a TLS handshake', '1603010200010001fc0303'],
    ['another version', `${START}11`],
    ['an unknown command', `${START}22`],
    ['datagrams', `${START}2112`],
    ['a path', `${START}2131`],
    ['a client of no kind', `${START}2100`],
    ['too few bytes for its addresses', `${START}2111000b`],
    ['too few bytes for addresses of IPv6', `${START}21210023`],
    ['more bytes than there is room for', `${START}21110201`],
    ['more bytes than there is room for, of nobody', `${START}20000201`],
  ])('is refused when it begins with %s, before more of it comes', (_name, bytes) => {
    expect(readDoorHeader(hex(bytes))).toEqual({ kind: 'refused' });
  });

  it('may have more behind its addresses, and say that nobody is there', () => {
    expect(readDoorHeader(hex(`${START}2111000fc0000201c6336402d9035605 aabbcc`))).toEqual({
      kind: 'client',
      address: '192.0.2.1',
      bytes: 31,
    });
    expect(readDoorHeader(hex(`${START}20000000`))).toEqual({ kind: 'local' });
    expect(readDoorHeader(hex(`${START}20310002`))).toEqual({ kind: 'unfinished' });
    expect(readDoorHeader(hex(`${START}20310002ffff`))).toEqual({ kind: 'local' });
  });

  it('gives back every client, with the length of what was written', () => {
    fc.assert(
      fc.property(endpoints, fc.uint8Array({ maxLength: 40 }), ([client, reached], behind) => {
        const header = writeDoorHeader(client, reached) ?? Buffer.alloc(0);
        const read = readDoorHeader(Buffer.concat([header, behind]));
        expect(read).toMatchObject({ kind: 'client', bytes: header.length });
        const again = read.kind === 'client' ? writeDoorHeader({ ...client, address: read.address }, reached) : null;
        expect(again).toEqual(header);
      }),
    );
  });

  it('is the same in whatever pieces it comes', () => {
    const cuts = fc.array(fc.nat(80), { maxLength: 8 });
    const spoilt = fc.tuple(fc.nat(60), fc.nat(255));
    fc.assert(
      fc.property(endpoints, cuts, fc.option(spoilt), ([client, reached], where, spoil) => {
        const bytes = Buffer.concat([writeDoorHeader(client, reached) ?? Buffer.alloc(0), Buffer.alloc(20, 0x16)]);
        if (spoil !== null) bytes[spoil[0] % bytes.length] = spoil[1];
        expect(readInPieces(bytes, where)).toEqual(readInPieces(bytes, []));
      }),
    );
  });

  it('is refused or waited for in any garbage, and never a fault', () => {
    const garbage = fc.oneof(
      fc.uint8Array({ maxLength: 600 }),
      fc.uint8Array({ maxLength: 600 }).map((rest) => Buffer.concat([hex(START), rest])),
      fc
        .tuple(fc.constantFrom('2111', '2121', '20ff'), fc.uint8Array({ maxLength: 600 }))
        .map(([kind, rest]) => Buffer.concat([hex(START + kind), rest])),
    );
    fc.assert(
      fc.property(garbage, (bytes) => {
        const read = readDoorHeader(Buffer.from(bytes));
        if (read.kind === 'unfinished') expect(bytes.length).toBeLessThan(16 + 512);
        if (!hex(START).equals(Buffer.from(bytes).subarray(0, 12)) && bytes.length >= 12) {
          expect(read).toEqual({ kind: 'refused' });
        }
      }),
    );
  });
});
