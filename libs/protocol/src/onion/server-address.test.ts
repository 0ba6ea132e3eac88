import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadOnionVectors } from '../../../../test/vectors/onion-vectors.js';
import { isAllowedServer, isServerTarget } from './server-address.js';

const TARGET = '/oxen/v4/lsrpc';
/** The reference posts these; its HTTP library may read another path than the one that was checked. */
const OURS_REFUSES = new Set(['/oxen//lsrpc', '/oxen/../admin/lsrpc', '/oxen/x#y/lsrpc']);

describe('the target of a server', () => {
  it.each(loadOnionVectors().url_targets.map((v) => [v.target, v.allowed] as const))('%j: %s', (target, allowed) => {
    expect(isServerTarget(target)).toBe(allowed);
    expect(isAllowedServer('example.org', target)).toBe(allowed && !OURS_REFUSES.has(target));
  });

  it.each([
    ['percent signs', '/oxen/%2e%2e/lsrpc'],
    ['a backslash', '/oxen/..\\x/lsrpc'],
    ['a blank', '/oxen/v4 x/lsrpc'],
    ['a line break', '/oxen/v4\r\nHost: x/lsrpc'],
    ['a tab', '/oxen/\t/lsrpc'],
    ['a letter beyond ASCII', '/oxen/\u{ff0e}/lsrpc'],
    ['NUL', '/oxen/\0/lsrpc'],
    ['a parent folder at the end of the prefix', '/loki/../lsrpc'],
    ['a thousand characters', `/oxen/${'x'.repeat(1020)}/lsrpc`],
  ])('is refused with %s', (_name, target) => {
    expect(isAllowedServer('example.org', target)).toBe(false);
  });

  it('may hold dots that are no parent folder', () => {
    expect(isAllowedServer('example.org', '/oxen/v4..x/...y/lsrpc')).toBe(true);
  });
});

describe('the host of a server', () => {
  it.each([
    ['a DNS name', 'filev2.getsession.org'],
    ['one label', 'host'],
    ['capitals', 'SOGS.Example.Org'],
    ['digits in labels', '4chan.1and1.com'],
    ['a punycode name', 'xn--bcher-kva.example'],
    ['an underscore', 'my_service.internal'],
    ['an IPv4 address', '93.184.216.34'],
    ['an IPv6 address in brackets', '[2606:2800:220:1:248:1893:25c8:1946]'],
    ['a short IPv6 address', '[2606:2800::1]'],
    ['an IPv4-mapped IPv6 address', '[::ffff:93.184.216.34]'],
  ])('may be %s', (_name, host) => {
    expect(isAllowedServer(host, TARGET)).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['a port', 'example.org:8080'],
    ['a port and a path', '10.0.0.5:8080/admin?x='],
    ['a path', 'example.org/admin'],
    ['a query', 'example.org?x'],
    ['a fragment', 'example.org#'],
    ['a user', 'user@host'],
    ['a blank', 'example.org '],
    ['a line break', 'example.org\r\nX: y'],
    ['NUL', 'example.org\0.internal'],
    ['a percent sign', 'example%2eorg'],
    ['letters beyond ASCII', 'ex\u{e4}mple.org'],
    ['an empty label', 'example..org'],
    ['a dot at the end', 'example.org.'],
    ['a hyphen at the edge of a label', '-example.org'],
    ['a label of 64 characters', `${'a'.repeat(64)}.org`],
    ['a name of 254 characters', `${'a.'.repeat(126)}bc`],
    ['a short spelling of 127.0.0.1', '127.1'],
    ['a decimal spelling of 127.0.0.1', '2130706433'],
    ['a hexadecimal spelling of 127.0.0.1', '0x7f000001'],
    ['a mixed spelling of 127.0.0.1', '127.0.0.0x1'],
    ['an octal spelling of 127.0.0.1', '0177.0.0.1'],
    ['an IPv4 address with a large octet', '300.1.1.1'],
    ['an IPv6 address without brackets', '::1'],
    ['brackets around nothing', '[]'],
    ['brackets around IPv4', '[127.0.0.1]'],
    ['brackets around too many groups', '[1:2:3:4:5:6:7:8:9]'],
    ['brackets around two gaps', '[1::2::3]'],
    ['brackets around a zone', '[fe80::1%25eth0]'],
    ['brackets and a port', '[2606:2800::1]:80'],
    ['an unclosed bracket', '[2606:2800::1'],
  ])('may not be %s', (_name, host) => {
    expect(isAllowedServer(host, TARGET)).toBe(false);
  });

  it('is, where we allow it, what the URL parser takes for the host too', () => {
    const text = fc.string({ unit: fc.constantFrom(...Array.from('a1.-_:/?#@[]%\\ \t0xf')), maxLength: 12 });
    fc.assert(
      fc.property(text, (host) => {
        if (!isAllowedServer(host, TARGET)) return true;
        const url = new URL(`https://${host}:8443${TARGET}`);
        return url.port === '8443' && url.pathname === TARGET && url.username === '' && url.search === '';
      }),
      { numRuns: 3000 },
    );
  });
});
