import { describe, expect, it } from '@jest/globals';
import { noblePrimitives } from '#protocol';
import { answerSeedCall } from '../../../apps/swarm-manager/src/seed/seed-rpc.js';
import { nodeVector, record, snapshotOf } from '../../integration/relay/vector-network.js';
import { hex } from '../../vectors/onion-vectors.js';

const FIELDS = ['public_ip', 'storage_port', 'pubkey_x25519', 'pubkey_ed25519', 'requested_unlock_height'];

/** Lists of networks where nodes may be listed before anybody knows where they are; a signed list has none of these. */
describe('the seed of a network with a node that has no address yet', () => {
  const nodes = [
    record(nodeVector('entry'), { httpsPort: 22_021 }),
    record(nodeVector('middle'), { ip: '0.0.0.0', httpsPort: 0, peerPort: 0 }),
  ];
  const fields = Object.fromEntries([...FIELDS, 'height'].map((name) => [name, true]));
  const call = { jsonrpc: '2.0', method: 'get_n_service_nodes', params: { active_only: true, fields } };
  const random = (length: number) => new Uint8Array(length);
  const { result } = JSON.parse(answerSeedCall(Buffer.from(JSON.stringify(call)), snapshotOf(nodes), random)) as {
    result: { height: number; service_node_states: Record<string, unknown>[] };
  };

  it('D2 lists it with 0.0.0.0 and every field', () => {
    expect(result.height).toBe(1);
    expect(result.service_node_states).toEqual([
      {
        public_ip: '127.0.0.1',
        storage_port: 22_021,
        pubkey_ed25519: nodeVector('entry').ed25519_pubkey,
        pubkey_x25519: nodeVector('entry').x25519_pubkey,
        requested_unlock_height: 0,
      },
      {
        public_ip: '0.0.0.0',
        storage_port: 0,
        pubkey_ed25519: nodeVector('middle').ed25519_pubkey,
        pubkey_x25519: nodeVector('middle').x25519_pubkey,
        requested_unlock_height: 0,
      },
    ]);
  });

  it('D3 lists keys that follow from one another', () => {
    for (const { pubkey_ed25519: ed25519, pubkey_x25519: x25519 } of result.service_node_states) {
      const converted = noblePrimitives.ed25519ToX25519(hex(String(ed25519)));
      expect(Buffer.from(converted ?? []).toString('hex')).toBe(x25519);
    }
  });
});
