import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { noblePrimitives, parseSignedList, verifySignedList } from '#protocol';
import { CliUnderTest } from './cli-under-test.js';

describe('starling network', () => {
  let cli: CliUnderTest;
  let dir: string[];
  beforeEach(async () => {
    cli = await CliUnderTest.create();
    dir = ['--dir', cli.path('net')];
  });
  afterEach(() => cli.remove());

  const newKey = async (name: string): Promise<string> =>
    String((await cli.json('keys', 'new', '--out', cli.path(name))).ed25519);
  const network = (...argv: string[]): Promise<Record<string, unknown>> => cli.json('network', ...argv, ...dir);

  it('makes lists that a node accepts, each chained to the one before', async () => {
    const { admins, list_file: listFile } = await network('init', '--name', 'club');
    const keys = [await newKey('a.key'), await newKey('b.key')];
    for (const [index, key] of keys.entries()) await network('add', key, '--ip', `10.0.0.${index + 1}`);
    await network('sign');

    const trust = { network: 'club', admins: admins as string[], required: 1 };
    const read = async () =>
      verifySignedList(noblePrimitives, parseSignedList(await readFile(String(listFile))), trust);
    const first = await read();
    expect(first).toMatchObject({ epoch: 1, prev: '0'.repeat(64) });
    expect(first.nodes.map(({ ed25519, ip }) => [ed25519, ip])).toEqual(
      keys.map((key, index) => [key, `10.0.0.${index + 1}`]),
    );
    expect([...(first.swarms?.get(0n) ?? [])].sort()).toEqual([...keys].sort());

    await network('remove', keys[0] ?? '');
    expect((await read()).epoch).toBe(1); // a draft changes nothing yet
    await network('sign');
    expect(await read()).toMatchObject({ epoch: 2, prev: first.hash, nodes: [{ ed25519: keys[1] }] });
  });

  it('publishes a list when as many administrators as required have signed this very text', async () => {
    const admins = [await newKey('1.key'), await newKey('2.key'), await newKey('3.key')];
    await network('init', '--name', 'club', '--required', '2', '--admin', ...admins);
    const node = await newKey('node.key');
    await network('add', node, '--ip', '10.0.0.1');
    const sign = (key: string): Promise<Record<string, unknown>> => network('sign', '--key', cli.path(key));

    expect(await sign('1.key')).toMatchObject({ signatures: 1, published: false });
    expect(await sign('1.key')).toMatchObject({ signatures: 1, published: false });
    await network('add', node, '--ip', '10.0.0.2'); // another text: the signature is void
    expect(await sign('2.key')).toMatchObject({ signatures: 1, published: false });
    expect(await sign('3.key')).toMatchObject({ signatures: 2, published: true });
    expect(await network('show')).toMatchObject({ list: { epoch: 1, nodes: [{ ip: '10.0.0.2' }] }, draft_epoch: null });
  });

  it.each([
    ['a signature by a stranger', ['sign', '--key', 'stranger.key'], 1, /not the key of an administrator/],
    ['a key file that others may read', ['sign', '--key', 'open.key'], 78, /chmod 600/],
    ['the removal of a node that is not there', ['remove', 'ab'.repeat(32)], 1, /no node abab/],
    ['a second node at the same address', ['add', 'cd'.repeat(32), '--ip', '10.0.0.1'], 1, /same address 10\.0\.0\.1/],
    ['an address that no host has', ['add', 'cd'.repeat(32), '--ip', '0.0.0.0'], 1, /IPv4 address of a host/],
    ['a network in the same folder', ['init', '--name', 'other'], 1, /holds a network already/],
    ['an address of another kind', ['add', 'cd'.repeat(32), '--ip', '::1'], 2, /an IPv4 address such as/],
    ['a key that is none', ['add', 'zz', '--ip', '10.0.0.2'], 2, /zz is no public key: 64 hex digits/],
    ['the removal of what is no key', ['remove', 'zz'], 2, /zz is no public key: 64 hex digits/],
    ['a network without a name', ['init', '--name', ''], 2, /1 to 64 characters/],
    ['a name that cannot be seen', ['init', '--name', 'a\u0007'], 2, /1 to 64 characters/],
    ['a port that is none', ['add', 'cd'.repeat(32), '--ip', '10.0.0.9', '--https-port', '0'], 2, /a port from 1/],
  ])('refuses %s with one sentence', async (_name, argv, code, sentence) => {
    await network('init', '--name', 'club');
    await network('add', await newKey('node.key'), '--ip', '10.0.0.1');
    await newKey('stranger.key');
    await newKey('open.key');
    await chmod(cli.path('open.key'), 0o644);
    const paths = argv.map((word) => (word.endsWith('.key') ? cli.path(word) : word));
    const refused = await cli.run('network', ...paths, ...dir);
    expect(refused).toMatchObject({ code, stdout: '' });
    expect(refused.stderr).toMatch(sentence);
    expect(refused.stderr).not.toMatch(/^\s+at /m);
  });

  it.each([
    ['network.json', 'no list', ['show'], /network\.json: The list file is not JSON/],
    ['draft.json', '{"list":""}', ['sign'], /draft\.json: /],
    ['trust.json', '{}', ['renew'], /trust\.json is damaged/],
  ])('says of %s that it is damaged', async (file, text, argv, sentence) => {
    await network('init', '--name', 'club');
    await writeFile(cli.path('net', file), text);
    const refused = await cli.run('network', ...argv, ...dir);
    expect(refused).toMatchObject({ code: 78, stdout: '' });
    expect(refused.stderr).toMatch(sentence);
    expect(refused.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('says of a folder that is a file that it is one', async () => {
    await writeFile(cli.path('file'), '');
    const refused = await cli.run('network', 'init', '--name', 'club', '--dir', cli.path('file'));
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(
      /file\/trust\.json cannot be read: a part of its path is a file and not a folder\.$/m,
    );
  });

  it('keeps the administrator key to its owner, and the list open to the nodes', async () => {
    const { key_file: keyFile, list_file: listFile } = await network('init', '--name', 'club');
    await network('add', await newKey('node.key'), '--ip', '10.0.0.1');
    await network('sign');
    expect((await stat(String(keyFile))).mode & 0o777).toBe(0o600);
    expect((await stat(String(listFile))).mode & 0o777).toBe(0o644);
  });
});
