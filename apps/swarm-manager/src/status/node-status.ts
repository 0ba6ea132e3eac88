import type { ClockState } from '../standing/clock-comparison.js';
import type { TwinSign } from '../twin/twin-evidence.js';
import type { Warning } from './warnings.js';

interface SeenCount {
  readonly reached: number;
  readonly failed: number;
}

interface SurfaceStatus {
  readonly port: number;
  readonly reached: boolean;
}

/** What one of the nodes that we asked says of us. */
export interface ViewStatus {
  readonly ed25519: string;
  readonly age_ms: number;
  /** Where our question came from, as it saw it. */
  readonly observed_ip: string | null;
  /** Its last test of us; null when it has none. */
  readonly test: {
    readonly age_ms: number;
    readonly ip: string;
    readonly public: SurfaceStatus;
    readonly peer: SurfaceStatus;
  } | null;
}

/** A member of our swarm, as we see it. Null: not tested yet, or ourselves. */
export interface MemberStatus {
  readonly ed25519: string;
  readonly ip: string;
  readonly https_port: number;
  readonly peer_port: number;
  readonly self: boolean;
  readonly reachable: boolean | null;
  readonly public: boolean | null;
  readonly peer: boolean | null;
  readonly tested_age_ms: number | null;
  /** How long the slower of both surfaces took to answer. */
  readonly answer_ms: number | null;
}

/** What the operator of this node wants to know at a glance. Times are in ms; null is: not known. */
export interface NodeStatus {
  /** Of this program, and what is told to the network. */
  readonly version: string;
  readonly reported_version: string;
  readonly uptime_ms: number;
  readonly now_ms: number;
  readonly key: string;
  /** As listed. */
  readonly address: { readonly ip: string; readonly https_port: number; readonly peer_port: number } | null;
  readonly state: 'active' | 'decommissioned' | 'unlisted';
  /** Whether it does what a node of the network does: in a swarm, with a clock to serve by. */
  readonly serving: boolean;
  /** 16 hex digits; null in no swarm. */
  readonly swarm_id: string | null;
  readonly swarm_members: number;
  readonly nodes: number;
  readonly epoch: number | null;
  readonly list_age_ms: number | null;
  /** Negative when it has expired. */
  readonly list_expires_in_ms: number | null;
  readonly list_expired: boolean;
  /** Why the list that can be read now is not taken. */
  readonly list_problem: string | null;
  readonly peers: { readonly reachable: number; readonly unreachable: number };
  /** When somebody last tested us, over all relays. */
  readonly tested: {
    readonly public: { readonly age_ms: number | null };
    readonly peer: { readonly age_ms: number | null };
  };
  readonly seen_by_peers: {
    /** In the last round. */
    readonly asked: number;
    readonly answered: number;
    readonly age_ms: number | null;
    readonly public: SeenCount;
    readonly peer: SeenCount;
    readonly observed_ips: readonly string[];
    readonly views: readonly ViewStatus[];
  };
  readonly clock: {
    readonly state: ClockState;
    /** Above zero: ours is ahead of the median of the others. */
    readonly offset_ms: number | null;
    readonly peers: number;
    /** Why it is unknown. */
    readonly reason: string | null;
  };
  /** Another live node with our key. */
  readonly twin: { readonly found: boolean; readonly seen_age_ms: number | null; readonly how: TwinSign | null };
  readonly swarm: readonly MemberStatus[];
  /** Of the last hour, the oldest minute first. */
  readonly traffic: {
    readonly minutes: readonly {
      readonly at_ms: number;
      readonly requests: number;
      readonly bytes_in: number;
      readonly bytes_out: number;
    }[];
  };
  /** The worst first. */
  readonly warnings: readonly Warning[];
}
