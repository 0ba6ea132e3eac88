import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidLayer, InvalidUrl, joinPayload, parseLayer } from '#protocol';
import { HOSTS, PORTS, PROTOCOLS, TARGETS } from '../../../../test/vectors/hostile-servers.js';
import { isPublicAddress } from './public-address.js';

const printable = (value: unknown): string => JSON.stringify(value).slice(0, 60);

/** The host that would be connected to, or null when the layer is refused as it stands. */
function hostOf(control: object): string | null {
  const layer = { host: 'example.org', port: 443, protocol: 'https', target: '/oxen/v4/lsrpc', ...control };
  try {
    const action = parseLayer(joinPayload(new Uint8Array(), JSON.stringify(layer)));
    return action.kind === 'relay-server' ? new URL(`${action.protocol}://${action.host}`).hostname : null;
  } catch (cause) {
    if (cause instanceof InvalidUrl || cause instanceof InvalidLayer) return null;
    throw cause;
  }
}

/** True when a connection to the host would be made, if it is an address. */
function isDialled(control: object): boolean {
  const host = hostOf(control);
  return host !== null && isPublicAddress(host.replace(/^\[|\]$/g, ''));
}

const dotted = (n: number): string => [n >>> 24, (n >>> 16) & 0xff, (n >>> 8) & 0xff, n & 0xff].join('.');

describe('an onion to an outside server', () => {
  it.each(HOSTS.map((host) => [printable(host), host]))('does not leave for host %s', (_name, host) => {
    expect(isDialled({ host })).toBe(false);
  });

  it.each(TARGETS.map((target) => [printable(target), target]))('does not ask for target %s', (_name, target) => {
    expect(hostOf({ target })).toBeNull();
  });

  it.each(PORTS)('does not use port %p', (port) => {
    expect(hostOf({ port })).toBeNull();
  });

  it.each(PROTOCOLS)('does not speak %p', (protocol) => {
    expect(hostOf({ protocol })).toBeNull();
  });

  it('goes nowhere by an address in a spelling of its own', () => {
    const spellings = [
      (n: number) => String(n),
      (n: number) => `0x${n.toString(16)}`,
      (n: number) => `0${n.toString(8)}`,
      (n: number) => `${n >>> 24}.${n & 0xffffff}`,
      (n: number) => `${n >>> 24}.${(n >>> 16) & 0xff}.${n & 0xffff}`,
      (n: number) => dotted(n).replaceAll('.', '.0x'),
      (n: number) => `0${dotted(n)}`,
      (n: number) => `${dotted(n)}.`,
      (n: number) => `[::ffff:${dotted(n)}]`,
      (n: number) => `[::${(n >>> 16).toString(16)}:${(n & 0xffff).toString(16)}]`,
      (n: number) => `[64:ff9b::${dotted(n)}]`,
      (n: number) => `[2002:${(n >>> 16).toString(16)}:${(n & 0xffff).toString(16)}::1]`,
    ];
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), fc.constantFrom(...spellings), (address, spell) => {
        expect(isDialled({ host: spell(address) })).toBe(false);
      }),
    );
  });

  it.each(['example.org', 'filev2.getsession.org', 'xn--bcher-kva.example', '8.8.8.8', '[2606:4700::1111]'])(
    'may leave for %s',
    (host) => {
      expect(hostOf({ host })).not.toBeNull();
    },
  );
});

describe('isPublicAddress', () => {
  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '100.63.255.255',
    '100.128.0.1',
    '172.32.0.1',
    '2606:4700::1111',
    '2A00:1450:4001::1',
  ])('lets %s pass', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    '',
    'example.org',
    '1',
    '1.2',
    '0x1.2.3.4',
    '01.2.3.4',
    '8.8.8.8 ',
    '2606:4700::1111%eth0',
    '[2606:4700::1111]',
  ])('takes %p for no address', (text) => {
    expect(isPublicAddress(text)).toBe(false);
  });
});
