import { describe, expect, it } from '@jest/globals';
import { bytesToHex, NodeKey, noblePrimitives, parseSignedList, verifySignedList } from '#protocol';
import type { NetworkList } from '#protocol';
import type { PlannedNode } from './create-devnet.js';
import { parseNetworkFile } from './network-file.js';
import { signDevnetList } from './sign-devnet-list.js';

interface Entry {
  readonly state?: 'active' | 'decommissioned' | 'unlisted';
  readonly swarm?: bigint;
}

/** Deterministic: the n-th call gives bytes of value n. */
function countingRandom(): (length: number) => Uint8Array {
  let calls = 0;
  return (length) => new Uint8Array(length).fill(++calls);
}

function listOf(entries: readonly Entry[], height: number): { list: NetworkList; nodes: readonly PlannedNode[] } {
  const network = parseNetworkFile(JSON.stringify({ network: 'test', height, nodes: [{ name: 'any' }] }), 'test');
  const nodes = entries.map(({ state = 'active', swarm }, index): PlannedNode => {
    const key = NodeKey.fromSeed(new Uint8Array(32).fill(100 + index), noblePrimitives);
    const [httpsPort, peerPort] = [1_000 + 2 * index, 1_001 + 2 * index];
    const x25519 = bytesToHex(key.x25519.publicKey);
    const node = {
      name: `n${index}`,
      ed25519: key.id,
      x25519,
      ip: '127.0.0.1',
      httpsPort,
      peerPort,
      state,
      run: null,
    };
    return { key, node, swarm: swarm ?? null };
  });
  const { file, admin } = signDevnetList({ network, nodes, nowMs: 1_000, random: countingRandom() });
  const trust = { network: 'test', admins: [admin.id], required: 1 };
  return { list: verifySignedList(noblePrimitives, parseSignedList(file), trust), nodes };
}

const keysOf = (nodes: readonly PlannedNode[], ...indexes: number[]): (string | undefined)[] =>
  indexes.map((index) => nodes[index]?.key.id).sort();

describe('the list of a devnet', () => {
  it('puts fourteen nodes into two swarms, as the rules of the network do', () => {
    const { list } = listOf(
      Array.from({ length: 14 }, () => ({})),
      1,
    );
    expect([...(list.swarms ?? [])].map(([, members]) => members.length)).toEqual([7, 7]);
    expect(list.epoch).toBe(1);
  });

  it('keeps to the swarms and the height of a network file', () => {
    const { list, nodes } = listOf(
      [{ swarm: 5n }, { swarm: 0xa0n }, { swarm: 5n }, { state: 'decommissioned' }],
      1_000,
    );
    expect(list.epoch).toBe(1_000);
    expect(list.nodes).toHaveLength(4);
    expect([...(list.swarms?.get(5n) ?? [])].sort()).toEqual(keysOf(nodes, 0, 2));
    expect(list.swarms?.get(0xa0n)).toEqual(keysOf(nodes, 1));
  });

  it('does not know a node that is unlisted', () => {
    const { list, nodes } = listOf([{}, { state: 'unlisted' }], 1);
    expect(list.nodes.map(({ ed25519 }) => ed25519)).toEqual(keysOf(nodes, 0));
  });
});
