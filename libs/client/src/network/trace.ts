import type { NodeName } from './service-node.js';

/** What one member of a swarm said about a store. */
export interface MemberAnswer {
  readonly node: NodeName;
  /**
   * `kept` and `already`: it signed that it holds the message. `failed`: it, or the node that asked it, says that it
   * does not. `unsigned`: its signature does not check out. `stranger`: no node of the network has this key.
   */
  readonly outcome: 'kept' | 'already' | 'failed' | 'unsigned' | 'stranger';
  /** Words of the node, for `failed`. */
  readonly reason?: string;
}

/**
 * What happened, for whoever wants to watch: it names nodes, never accounts, and holds no keys and no contents.
 * Durations are in milliseconds.
 */
export type TraceEvent =
  | { readonly kind: 'nodes-listed'; readonly source: 'seed' | 'nodes'; readonly count: number; readonly ms: number }
  | { readonly kind: 'path-built'; readonly hops: readonly NodeName[] }
  | { readonly kind: 'path-dropped'; readonly hops: readonly NodeName[]; readonly reason: string }
  | { readonly kind: 'node-set-aside'; readonly node: NodeName; readonly reason: string }
  | {
      readonly kind: 'request';
      /** `batch[get_swarm]`, `sequence[store]` and so on. */
      readonly method: string;
      readonly hops: readonly NodeName[];
      readonly destination: NodeName;
      readonly ms: number;
      /** `ok`, or what went wrong on this path. */
      readonly outcome: string;
    }
  | { readonly kind: 'swarm-found'; readonly swarmId: string; readonly members: readonly NodeName[] }
  | { readonly kind: 'stored'; readonly answers: readonly MemberAnswer[]; readonly ms: number }
  | { readonly kind: 'polled'; readonly node: NodeName; readonly messages: number; readonly ms: number };

export type TraceObserver = (event: TraceEvent) => void;
