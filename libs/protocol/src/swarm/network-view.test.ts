import { describe, expect, it } from '@jest/globals';
import { AccountId } from '../account-id.js';
import { NetworkView, type NodeRecord } from './network-view.js';
import { INVALID_SWARM_ID } from './swarm-space.js';

const nodeOf = (name: number, changes: Partial<NodeRecord> = {}): NodeRecord => ({
  ed25519: name.toString(16).padStart(64, '0'),
  x25519: 'ee'.repeat(32),
  ip: '127.0.0.1',
  httpsPort: 20_000 + name,
  peerPort: 30_000 + name,
  state: 'active',
  swarmId: 100n,
  version: [2, 8, 0],
  ...changes,
});

const members = [nodeOf(3, { swarmId: 200n }), nodeOf(1), nodeOf(2)];
const away = nodeOf(4, { state: 'decommissioned', swarmId: INVALID_SWARM_ID });
const fresh = nodeOf(5, { swarmId: INVALID_SWARM_ID });
const viewOf = (nodes: readonly NodeRecord[]): NetworkView =>
  new NetworkView({ height: 1, blockHash: '00'.repeat(32), hardfork: [19, 4], nodes });
const view = viewOf([...members, away, fresh]);
const at150 = AccountId.parse(`05${(150).toString(16).padStart(64, '0')}`);

describe('NetworkView', () => {
  it('groups active nodes by swarm, ids ascending, members in the order of the snapshot', () => {
    expect([...view.swarms.keys()]).toEqual([100n, 200n]);
    expect(view.swarms.get(100n)?.members).toEqual([members[1], members[2]]);
  });

  it('finds the swarm of an account, the left one at a tie', () => {
    expect(view.swarmFor(at150)?.id).toBe(100n);
  });

  it('has a lone swarm for everybody and none without members', () => {
    expect(viewOf(members.slice(0, 1)).swarmFor(at150)?.id).toBe(200n);
    expect(viewOf([away, fresh]).swarmFor(at150)).toBeUndefined();
  });

  it('knows decommissioned and new nodes, but no swarm of theirs', () => {
    for (const node of [away, fresh]) {
      expect(view.node(node.ed25519)).toBe(node);
      expect(view.swarmOf(node.ed25519)).toBeUndefined();
    }
  });

  it('leaves a decommissioned node out of the swarm that it still names', () => {
    const leaving = nodeOf(6, { state: 'decommissioned' });
    const present = viewOf([...members, leaving]);
    expect(present.swarms.get(100n)?.members).not.toContain(leaving);
    expect(present.swarmOf(leaving.ed25519)).toBeUndefined();
  });

  it('knows nothing of a stranger', () => {
    expect(view.node('ff'.repeat(32))).toBeUndefined();
    expect(view.swarmOf('ff'.repeat(32))).toBeUndefined();
  });
});
