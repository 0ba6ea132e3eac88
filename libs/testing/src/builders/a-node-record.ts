import type { NodeRecord } from '#protocol';

/** A node of the list that is in its place; what a test is about stands in `changes`. */
export const aNodeRecord = (changes: Partial<NodeRecord> = {}): NodeRecord => ({
  ed25519: 'ab'.repeat(32),
  x25519: 'cd'.repeat(32),
  ip: '127.0.0.1',
  httpsPort: 1,
  peerPort: 1,
  state: 'active',
  swarmId: 1n,
  version: [2, 8, 0],
  ...changes,
});
