import { describe, expect, it } from '@jest/globals';
import { loadOnionVectors } from '../../../../test/vectors/onion-vectors.js';
import { bytesToHex, hexToBytes } from '../hex.js';
import { encodeActiveNodes } from './active-nodes-bin.js';
import type { NetworkSnapshot, NodeRecord } from './network-view.js';

const node = (changes: Partial<NodeRecord>): NodeRecord => ({
  ed25519: 'ab'.repeat(32),
  x25519: 'cd'.repeat(32),
  ip: '0.0.0.0',
  httpsPort: 0,
  peerPort: 0,
  state: 'active',
  swarmId: 1n,
  version: [0, 0, 0],
  ...changes,
});
const network = (nodes: readonly NodeRecord[]): NetworkSnapshot => ({
  height: 1,
  blockHash: '00'.repeat(32),
  hardfork: [19, 4],
  nodes,
});

describe('the list of active nodes as bytes', () => {
  it.each(loadOnionVectors().active_nodes_bin)('writes the record $name', ({ record, fields }) => {
    const { pubkey_ed25519, swarm_id, ip, https_port, omq_quic_port, version } = fields;
    const listed = node({
      ed25519: pubkey_ed25519,
      swarmId: BigInt(`0x${swarm_id}`),
      ip,
      httpsPort: https_port,
      peerPort: omq_quic_port,
      version,
    });
    expect(bytesToHex(encodeActiveNodes(network([listed])))).toBe(record);
  });

  it('has one record for each active node, in the order of the list, and none for others', () => {
    const nodes = [
      node({ ed25519: '01'.repeat(32) }),
      node({ ed25519: '02'.repeat(32), state: 'decommissioned' }),
      node({ ed25519: '03'.repeat(32), version: [2, 999, 255] }),
    ];
    const bytes = encodeActiveNodes(network(nodes));
    expect(bytes).toHaveLength(2 * 51);
    expect(bytes.subarray(51, 83)).toEqual(hexToBytes('03'.repeat(32)));
    expect([...bytes.subarray(99)]).toEqual([2, 255, 255]);
  });

  it('is empty for an empty network', () => {
    expect(encodeActiveNodes(network([]))).toHaveLength(0);
  });
});
