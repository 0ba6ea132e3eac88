import { describe, expect, it } from '@jest/globals';
import { noblePrimitives as p } from '../noble-primitives.js';
import { ListRefused } from './list-refused.js';
import { hashNetworkList, networkListText, parseNetworkList } from './network-list.js';

const [alice, bob, carol] = ['aa', 'bb', 'cc'].map((byte) => byte.repeat(32)) as [string, string, string];

const node = (ed25519: string, port: number, changes: object = {}): object => ({
  ed25519,
  ip: '127.0.0.1',
  https: port,
  peer: port + 1,
  state: 'active',
  ...changes,
});

const plain = {
  network: 'sample',
  epoch: 3,
  issued: 1_000,
  expires: 2_000,
  prev: '0'.repeat(64),
  seed: '12'.repeat(32),
  nodes: [node(alice, 100), node(bob, 200, { version: '2.8.0' }), node(carol, 300, { state: 'decommissioned' })],
};

const textWith = (changes: object): string => JSON.stringify({ ...plain, ...changes });
const withNode = (changes: object): object => ({ nodes: [node(alice, 100), node(bob, 200, changes)] });

describe('parseNetworkList', () => {
  it('reads a list', () => {
    const text = textWith({ swarms: { 0: [bob], fffffffffffffffe: [alice] } });
    expect(parseNetworkList(p, text)).toEqual({
      network: 'sample',
      epoch: 3,
      issuedMs: 1_000,
      expiresMs: 2_000,
      prev: '0'.repeat(64),
      seed: '12'.repeat(32),
      nodes: [
        { ed25519: alice, ip: '127.0.0.1', httpsPort: 100, peerPort: 101, state: 'active' },
        { ed25519: bob, ip: '127.0.0.1', httpsPort: 200, peerPort: 201, state: 'active', version: [2, 8, 0] },
        { ed25519: carol, ip: '127.0.0.1', httpsPort: 300, peerPort: 301, state: 'decommissioned' },
      ],
      swarms: new Map([
        [0n, [bob]],
        [0xffff_ffff_ffff_fffen, [alice]],
      ]),
      text,
      hash: hashNetworkList(p, text),
    });
  });

  it('has no swarms where none are written', () => {
    expect(parseNetworkList(p, textWith({})).swarms).toBeNull();
  });

  it('is what networkListText writes', () => {
    const list = parseNetworkList(p, textWith({ swarms: { a: [alice], ff00: [bob] } }));
    const again = parseNetworkList(p, networkListText(list));
    expect({ ...again, text: list.text, hash: list.hash }).toEqual(list);
  });

  it('hashes the text with BLAKE2b-256', () => {
    expect(hashNetworkList(p, 'abc')).toBe('bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319');
  });

  it.each([
    ['text that is not JSON', '{', /^The list is not JSON/],
    ['a list that is an array', '[]', 'The list must be an object.'],
    ['a misspelt member', textWith({ swarm: {} }), 'The list has the unknown member "swarm".'],
    ['no name', textWith({ network: '' }), 'network must be 1 to 64 printable ASCII characters.'],
    ['a name of two lines', textWith({ network: 'a\nb' }), 'network must be 1 to 64 printable ASCII characters.'],
    ['a name that is a number', textWith({ network: 5 }), 'network must be text.'],
    ['epoch 0', textWith({ epoch: 0 }), /^epoch must be an integer from 1 to/],
    ['an epoch with a fraction', textWith({}).replace('"epoch":3', '"epoch":3.0'), /^epoch must be an integer/],
    [
      'an epoch beyond 2^53',
      textWith({}).replace('"epoch":3', '"epoch":9007199254740993'),
      /^epoch must be an integer/,
    ],
    ['an end before its beginning', textWith({ expires: 1_000 }), /^expires must be an integer from 1001 to/],
    ['a short hash', textWith({ prev: 'ab' }), 'prev must be 64 lower-case hex digits.'],
    ['a seed in capitals', textWith({ seed: 'AB'.repeat(32) }), 'seed must be 64 lower-case hex digits.'],
    ['nodes that are an object', textWith({ nodes: {} }), 'nodes must be an array.'],
    ['no node', textWith({ nodes: [] }), 'The list names no node.'],
    ['a node with an unknown member', textWith(withNode({ omq: 1 })), 'nodes[1] has the unknown member "omq".'],
    ['a bad key', textWith(withNode({ ed25519: 'xy' })), 'nodes[1].ed25519 must be 64 lower-case hex digits.'],
    [
      'a name as address',
      textWith(withNode({ ip: 'localhost' })),
      /^nodes\[1\]\.ip must be the IPv4 address of a host/,
    ],
    ['no address yet', textWith(withNode({ ip: '0.0.0.0' })), /^nodes\[1\]\.ip must be/],
    ['everybody as address', textWith(withNode({ ip: '255.255.255.255' })), /^nodes\[1\]\.ip must be/],
    ['an address in octal', textWith(withNode({ ip: '127.0.0.01' })), /^nodes\[1\]\.ip must be/],
    ['an address of three parts', textWith(withNode({ ip: '127.0.1' })), /^nodes\[1\]\.ip must be/],
    ['a part above 255', textWith(withNode({ ip: '127.0.0.256' })), /^nodes\[1\]\.ip must be/],
    ['port 0', textWith(withNode({ https: 0 })), 'nodes[1].https must be an integer from 1 to 65535.'],
    ['port 65536', textWith(withNode({ peer: 65_536 })), 'nodes[1].peer must be an integer from 1 to 65535.'],
    ['a bad state', textWith(withNode({ state: 'gone' })), 'nodes[1].state must be "active" or "decommissioned".'],
    ['a bad version', textWith(withNode({ version: '2.8' })), 'nodes[1].version must look like "2.8.0".'],
    ['a version of null', textWith(withNode({ version: null })), 'nodes[1].version must look like "2.8.0".'],
    ['a key twice', textWith(withNode({ ed25519: alice })), `Node ${alice} is listed twice.`],
    [
      'one address for two nodes',
      textWith(withNode({ https: 100 })),
      `Nodes ${alice} and ${bob} have the same address 127.0.0.1:100.`,
    ],
    [
      'one port as https and peer',
      textWith(withNode({ peer: 100 })),
      `Nodes ${alice} and ${bob} have the same address 127.0.0.1:100.`,
    ],
    ['one port for two purposes', textWith(withNode({ peer: 200 })), `Node ${bob} has 127.0.0.1:200 for two purposes.`],
  ])('refuses %s', (_name, text, message) => {
    expect(() => parseNetworkList(p, text)).toThrow(ListRefused);
    expect(() => parseNetworkList(p, text)).toThrow(message);
  });

  it.each([
    ['swarms that are null', null, 'swarms must be an object.'],
    ['swarms that are an array', [], 'swarms must be an object.'],
    ['a swarm without members', { 0: [alice, bob], 1: [] }, 'Swarm 1 has no members.'],
    ['an id with a leading zero', { '00': [alice, bob] }, /^"00" is not a swarm id/],
    ['an id in capitals', { AB: [alice, bob] }, /^"AB" is not a swarm id/],
    ['the id of no swarm', { ['f'.repeat(16)]: [alice, bob] }, /is not a swarm id/],
    ['an id beyond 64 bits', { ['1'.repeat(17)]: [alice, bob] }, /is not a swarm id/],
    [
      'a member that is not listed',
      { 0: [alice, bob, 'dd'.repeat(32)] },
      /^Swarm 0 names d+, which is not an active node/,
    ],
    ['a decommissioned member', { 0: [alice, bob, carol] }, /^Swarm 0 names c+, which is not an active node/],
    ['a member of two swarms', { 0: [alice, bob], 1: [alice] }, `Node ${alice} is in a swarm twice.`],
    ['an active node outside', { 0: [alice] }, `Active node ${bob} is in no swarm.`],
  ])('refuses %s', (_name, swarms, message) => {
    expect(() => parseNetworkList(p, textWith({ swarms }))).toThrow(ListRefused);
    expect(() => parseNetworkList(p, textWith({ swarms }))).toThrow(message);
  });
});
