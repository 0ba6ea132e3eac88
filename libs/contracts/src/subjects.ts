/**
 * Subjects on which the services of one node talk. A node has a NATS account (or server) of its own, so the
 * names need no node part; two nodes must never share an account.
 */
export const SUBJECTS = {
  /** Request: an RPC call (rpc-frame.ts) for the storage replicas, answered by one of them. */
  storageRpc: 'storage.rpc',
  /** Request: commands of another member (command-frame.ts) for the storage replicas, answered by one of them. */
  storageCommands: 'storage.commands',
  /** Request: subscriptions to new messages (monitor-frame.ts), answered by one of the storage replicas. */
  storageMonitor: 'storage.monitor',
  /** Publication: the newest membership snapshot (membership.ts). */
  membershipSnapshot: 'membership.snapshot',
  /** Request with an empty body: the newest membership snapshot, or an empty answer when there is none yet. */
  membershipCurrent: 'membership.current',
  /** Publication: each relay process, every few seconds (standing.ts). */
  relayReport: 'relay.report',
  /** Publication: what swarm-manager thinks of its own node (standing.ts). */
  standingNow: 'standing.now',
  /** Request with an empty body: the same, at once. */
  standingCurrent: 'standing.current',
  /** Request: another node asks how it is seen (standing.ts). */
  standingAsk: 'standing.ask',
} as const;
