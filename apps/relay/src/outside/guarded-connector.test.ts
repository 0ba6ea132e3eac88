import { beforeEach, describe, expect, it } from '@jest/globals';
import type { buildConnector } from 'undici';
import { GuardedConnector, RefusedAddress, UnknownHost } from './guarded-connector.js';
import { HostNames } from './host-names.js';
import { OwnAddresses } from './own-addresses.js';

/** A name server that a stranger runs: the next answer is whatever it likes. */
class Names extends HostNames {
  readonly answers: (readonly string[])[] = [];
  readonly trusted: string[] = [];

  override resolve(): Promise<readonly string[]> {
    return Promise.resolve(this.answers.shift() ?? []);
  }

  override resolveTrusted(name: string): Promise<readonly string[]> {
    this.trusted.push(name);
    return Promise.resolve(['127.0.0.1']);
  }
}

class Own extends OwnAddresses {
  override includes(address: string): boolean {
    return address === '9.9.9.9';
  }
}

describe('a connection to an outside server', () => {
  let names: Names;
  let dialled: buildConnector.Options[];
  let connector: GuardedConnector;

  beforeEach(() => {
    names = new Names();
    dialled = [];
    const allowed = new Set(['localhost:22999', '127.0.0.1:22999', '[::1]:22999']);
    connector = new GuardedConnector(names, new Own(), allowed, (options, callback) => {
      dialled.push(options);
      callback(new Error('dialled'), null);
    });
  });

  const connect = (hostname: string, port = '', protocol = 'https:'): Promise<Error | null> =>
    new Promise((resolve) =>
      connector.connect({ hostname, host: hostname, protocol, port }, (...[problem]) => resolve(problem)),
    );

  it('goes to the address that was looked at, under the name that was asked for', async () => {
    names.answers.push(['1.1.1.1', '2606:4700::1111']);
    await connect('files.example.org');
    expect(dialled).toEqual([
      { hostname: '1.1.1.1', host: 'files.example.org', protocol: 'https:', port: '', servername: 'files.example.org' },
    ]);
  });

  it('asks the name server once, so that a second answer changes nothing', async () => {
    names.answers.push(['1.1.1.1'], ['127.0.0.1']);
    await connect('rebind.example.org');
    expect(dialled.map((options) => options.hostname)).toEqual(['1.1.1.1']);
    expect(await connect('rebind.example.org')).toBeInstanceOf(RefusedAddress);
    expect(dialled).toHaveLength(1);
  });

  it.each([
    ['a private address', ['10.0.0.5']],
    ['the metadata service', ['169.254.169.254']],
    ['a wrapped loopback', ['::ffff:127.0.0.1']],
    ['an inside address among public ones', ['1.1.1.1', '192.168.1.1']],
    ['our own address', ['9.9.9.9']],
  ])('is not made when a name has %s', async (_name, answer) => {
    names.answers.push(answer);
    expect(await connect('inside.example.org')).toBeInstanceOf(RefusedAddress);
    expect(dialled).toEqual([]);
  });

  it.each(['127.0.0.1', '10.1.2.3', '::1', 'fd00::1', '9.9.9.9'])('is not made to %s', async (address) => {
    expect(await connect(address, '8080', 'http:')).toBeInstanceOf(RefusedAddress);
    expect(dialled).toEqual([]);
  });

  it('names no server in TLS for a bare address', async () => {
    await connect('1.1.1.1');
    expect(dialled).toEqual([{ hostname: '1.1.1.1', host: '1.1.1.1', protocol: 'https:', port: '' }]);
  });

  it('fails in words for a name without addresses', async () => {
    expect(await connect('nowhere.example.org')).toBeInstanceOf(UnknownHost);
  });

  it.each(['localhost', '127.0.0.1', '::1'])('is made to %s where the operator allows it', async (hostname) => {
    await connect(hostname, '22999', 'http:');
    expect(dialled).toHaveLength(1);
  });

  it('is allowed for one port, not for the host', async () => {
    expect(await connect('127.0.0.1', '22998', 'http:')).toBeInstanceOf(RefusedAddress);
    expect(await connect('127.0.0.1', '', 'http:')).toBeInstanceOf(RefusedAddress);
  });
  it('is made to nobody else where the operator wants that, and no name server is asked', async () => {
    connector = new GuardedConnector(
      names,
      new Own(),
      new Set(['localhost:22999']),
      (options, callback) => {
        dialled.push(options);
        callback(new Error('dialled'), null);
      },
      true,
    );
    names.answers.push(['1.1.1.1']);
    expect(await connect('files.example.org')).toBeInstanceOf(RefusedAddress);
    expect(await connect('1.1.1.1')).toBeInstanceOf(RefusedAddress);
    expect([names.answers.length, dialled]).toEqual([1, []]);
    await connect('localhost', '22999', 'http:');
    expect(dialled).toHaveLength(1);
  });
});
