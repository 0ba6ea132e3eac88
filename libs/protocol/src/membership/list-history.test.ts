import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesToHex } from '../hex.js';
import { noblePrimitives as p } from '../noble-primitives.js';
import { NetworkView } from '../swarm/network-view.js';
import { INVALID_SWARM_ID } from '../swarm/swarm-space.js';
import { acceptList } from './accept-list.js';
import { ListRefused } from './list-refused.js';
import { snapshotFromList, swarmsOf } from './list-snapshot.js';
import type { ListedNode } from './listed-nodes.js';
import { NO_LIST, type NetworkList } from './network-list.js';
import { makeNextList, type ListChanges, type NextListOptions } from './next-list.js';

const NODES = 16;
const nodes: readonly ListedNode[] = Array.from({ length: NODES }, (_none, at) => ({
  ed25519: bytesToHex(p.ed25519PublicKey(new Uint8Array(32).fill(at + 1))),
  ip: '127.0.0.1',
  httpsPort: 1_000 + at,
  peerPort: 2_000 + at,
  state: 'active',
}));
const [first, second] = nodes as [ListedNode, ListedNode, ...ListedNode[]];
const defaults = { hardfork: [19, 4], version: [2, 8, 0] } as const;

const options = (changes: Partial<NextListOptions> = {}): NextListOptions => ({
  network: 'sample',
  seed: '12'.repeat(32),
  issuedMs: 1_000,
  expiresMs: 2_000,
  swarms: 'leave-out',
  ...changes,
});
const next = (previous: NetworkList | null, changes: ListChanges, with_: Partial<NextListOptions> = {}): NetworkList =>
  makeNextList(p, previous, changes, options(with_));

const genesis = next(null, { put: nodes.slice(0, 3) });
const fourth = next(genesis, { put: nodes.slice(3, 4) });
const full = next(
  fourth,
  { put: nodes.slice(4, 5) },
  { swarms: new Map([[7n, nodes.slice(0, 5).map((n) => n.ed25519)]]) },
);
const NOW = 1_500;

describe('acceptList', () => {
  it.each<[string, NetworkList | null, NetworkList]>([
    ['a first list', null, genesis],
    ['the list right after', genesis, fourth],
    ['a later list that carries its swarms', genesis, full],
    ['any list that carries its swarms, at first', null, full],
    ['a list of the next epoch from elsewhere that carries its swarms', { ...fourth, hash: 'ee'.repeat(32) }, full],
  ])('takes %s', (_name, current, following) => {
    expect(acceptList(current, following, NOW)).toBe(true);
  });

  it('sees that a list is in force already, even an expired one', () => {
    expect(acceptList(fourth, fourth, 5_000)).toBe(false);
  });

  it.each<[string, NetworkList | null, NetworkList, string]>([
    ['an older list', full, fourth, 'The list is of epoch 2, older than epoch 3 in force.'],
    ['an older list with swarms', { ...full, epoch: 9, hash: 'ee'.repeat(32) }, full, 'older than epoch 9'],
    [
      'a second list of the epoch',
      { ...full, hash: 'ee'.repeat(32) },
      full,
      'There are two different lists of epoch 3',
    ],
    [
      'a later list without swarms',
      null,
      fourth,
      'The list of epoch 2 does not carry its swarms and epoch 1 is missing here.',
    ],
    [
      'a list after another one',
      { ...genesis, hash: 'ee'.repeat(32) },
      fourth,
      'The list of epoch 2 follows another list',
    ],
    [
      'a first list that follows one',
      null,
      { ...genesis, prev: 'ee'.repeat(32) },
      'The list of epoch 1 follows another list',
    ],
    [
      'an expired list',
      null,
      { ...genesis, expiresMs: NOW },
      'The list of epoch 1 expired at 1970-01-01T00:00:01.500Z.',
    ],
  ])('refuses %s', (_name, current, following, message) => {
    expect(() => acceptList(current, following, NOW)).toThrow(ListRefused);
    expect(() => acceptList(current, following, NOW)).toThrow(message);
  });
});

describe('makeNextList', () => {
  it('chains lists by epoch and hash', () => {
    expect([genesis.epoch, genesis.prev]).toEqual([1, NO_LIST]);
    expect([fourth.epoch, fourth.prev]).toEqual([2, genesis.hash]);
    expect(next(null, { put: nodes }, { firstEpoch: 1_000 }).epoch).toBe(1_000);
  });

  it('adds, replaces and removes nodes', () => {
    const away: ListedNode = { ...first, state: 'decommissioned', version: [2, 9, 1] };
    const changed = next(genesis, { put: [away, ...nodes.slice(3, 4)], remove: [second.ed25519] });
    expect(changed.nodes).toEqual([away, nodes[2], nodes[3]]);
  });

  it('writes down what nodes would compose', () => {
    const written = next(null, { put: nodes }, { swarms: 'compose' });
    const later = next(written, { remove: [first.ed25519] }, { swarms: 'compose', seed: '77'.repeat(32) });
    expect(written.swarms?.size).toBe(2);
    const composed = snapshotFromList(p, { ...later, swarms: null }, written.swarms, defaults);
    expect(snapshotFromList(p, later, null, defaults).nodes).toEqual(composed.nodes);
  });

  it.each<[string, () => unknown, string]>([
    [
      'removing a stranger',
      () => next(genesis, { remove: ['ee'.repeat(32)] }),
      `There is no node ${'ee'.repeat(32)} to remove.`,
    ],
    [
      'removing the last node',
      () => next(genesis, { remove: genesis.nodes.map((node) => node.ed25519) }),
      'names no node',
    ],
    ['adding a node twice', () => next(null, { put: [first, first] }), `Node ${first.ed25519} is listed twice.`],
    [
      'two nodes on one address',
      () => next(genesis, { put: [{ ...second, httpsPort: 1_000 }] }),
      'have the same address',
    ],
    ['another network', () => next(genesis, {}, { network: 'other' }), 'is for the network "sample", not "other"'],
    [
      'swarms from nothing',
      () => next(genesis, {}, { swarms: 'compose' }),
      'The list before does not carry its swarms',
    ],
    [
      'swarms that leave a node out',
      () => next(genesis, {}, { swarms: new Map([[0n, [first.ed25519]]]) }),
      'is in no swarm',
    ],
    ['an end before its beginning', () => next(genesis, {}, { expiresMs: 1_000 }), 'expires must be'],
  ])('refuses %s', (_name, make, message) => {
    expect(make).toThrow(ListRefused);
    expect(make).toThrow(message);
  });
});

describe('snapshotFromList', () => {
  it('gives every node what the network needs to know', () => {
    const away: ListedNode = { ...second, state: 'decommissioned', version: [2, 9, 1] };
    const list = next(null, { put: [first, away] });
    const snapshot = snapshotFromList(p, list, null, defaults);
    expect(snapshot).toMatchObject({ height: 1, blockHash: list.hash, hardfork: [19, 4] });
    expect(snapshot.nodes).toEqual([
      { ...first, x25519: x25519Of(first), swarmId: 0n, version: [2, 8, 0] },
      { ...away, x25519: x25519Of(away), swarmId: INVALID_SWARM_ID },
    ]);
  });

  it('uses the swarms that the list carries', () => {
    const snapshot = snapshotFromList(p, full, new Map([[1n, [first.ed25519]]]), defaults);
    expect([...new NetworkView(snapshot).swarms.keys()]).toEqual([7n]);
    expect(swarmsOf(snapshot)).toEqual(new Map([[7n, nodes.slice(0, 5).map((node) => node.ed25519)]]));
  });

  it('composes them from those before, with the first bytes of the seed', () => {
    const before = new Map([[5n, nodes.slice(0, 3).map((node) => node.ed25519)]]);
    const swarms = swarmsOf(snapshotFromList(p, fourth, before, defaults));
    expect(swarms).toEqual(new Map([[5n, nodes.slice(0, 4).map((node) => node.ed25519)]]));
  });

  it('refuses to guess the swarms of a later list', () => {
    expect(() => snapshotFromList(p, fourth, null, defaults)).toThrow(ListRefused);
  });

  it.each([
    ['a small-order point', `01${'00'.repeat(31)}`],
    ['no point at all', `02${'00'.repeat(31)}`],
  ])('refuses a node key that is %s', (_name, ed25519) => {
    const list = next(null, { put: [{ ...first, ed25519 }] });
    expect(() => snapshotFromList(p, list, null, defaults)).toThrow(`The key ${ed25519} of a listed node is not`);
  });

  it('gives every node the same network, whether it saw all lists or came at the last one', () => {
    const changes = fc.array(fc.subarray([...nodes], { minLength: 1 }), { minLength: 1, maxLength: 5 });
    const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytesToHex);
    fc.assert(
      fc.property(changes, seeds, (steps, seed) => {
        let written: NetworkList | null = null;
        let snapshot: ReturnType<typeof snapshotFromList> | null = null;
        for (const present of steps) {
          const keys = new Set(present.map((node) => node.ed25519));
          const remove: string[] = (written?.nodes ?? []).map((node) => node.ed25519).filter((key) => !keys.has(key));
          written = next(written, { put: present, remove }, { seed, swarms: 'compose' });
          snapshot = snapshotFromList(p, { ...written, swarms: null }, snapshot && swarmsOf(snapshot), defaults);
          expect(snapshotFromList(p, written, null, defaults)).toEqual(snapshot);
        }
      }),
      { numRuns: 15 }, // converting keys takes noble a millisecond each
    );
  });
});

function x25519Of({ ed25519 }: ListedNode): string {
  return bytesToHex(p.ed25519ToX25519(new Uint8Array(Buffer.from(ed25519, 'hex'))) ?? new Uint8Array());
}
