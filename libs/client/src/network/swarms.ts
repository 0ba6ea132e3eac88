import { isJsonObject } from '#protocol';
import type { JsonObject, JsonValue, RandomBytes } from '#protocol';
import type { Deadline } from './deadline.js';
import { NetworkTooSmall, reasonOf, SubnetsTooFew, SwarmUnknown } from './network-errors.js';
import type { NodePool } from './node-pool.js';
import type { NodeRpc } from './node-rpc.js';
import { shuffled } from './random-choice.js';
import { nameOf } from './service-node.js';
import type { ServiceNode } from './service-node.js';
import type { TraceObserver } from './trace.js';

/** The nodes that keep an account's messages. */
export interface Swarm {
  /** Hex without padding, as nodes write it. */
  readonly id: string;
  readonly members: readonly ServiceNode[];
}

/** How many nodes are asked before giving up. */
const ATTEMPTS = 3;
/** Between the visible changes of a swarm; a wrong swarm is noticed earlier, by 421. */
const LIFE_MS = 300_000;
/** Correspondents of one client; the oldest entry goes first. */
const MAX_KEPT = 1_000;
const ID_PATTERN = /^[0-9a-f]{1,16}$/i;

interface KeptSwarm {
  readonly swarm: Swarm;
  readonly untilMs: number;
}

export interface SwarmsOptions {
  readonly random: RandomBytes;
  readonly monotonicMs: () => number;
  readonly trace: TraceObserver;
}

/** Finds and remembers which nodes keep the messages of an account. docs/protocol/onion.md §8.7, storage-rpc §8.11 */
export class Swarms {
  private readonly kept = new Map<string, KeptSwarm>();

  constructor(
    private readonly rpc: NodeRpc,
    private readonly pool: NodePool,
    private readonly options: SwarmsOptions,
  ) {}

  /** Throws SwarmUnknown. */
  async of(accountId: string, deadline: Deadline): Promise<Swarm> {
    const kept = this.kept.get(accountId);
    if (kept && kept.untilMs > this.options.monotonicMs()) return kept.swarm;
    return this.find(accountId, deadline);
  }

  /** The members in the order to try them: those that failed lately come last, otherwise by chance. */
  ranked({ members }: Swarm): ServiceNode[] {
    const penalty = ({ ed25519 }: ServiceNode): number =>
      this.pool.isUsable(ed25519) ? this.pool.strikesOf(ed25519) : Number.MAX_SAFE_INTEGER;
    return shuffled(this.options.random, members).sort((a, b) => penalty(a) - penalty(b));
  }

  /** Takes the body of a 421; false when it names no usable swarm. */
  correct(accountId: string, body: JsonObject): boolean {
    const swarm = this.read(body);
    if (!swarm) {
      this.kept.delete(accountId);
      return false;
    }
    this.keep(accountId, swarm);
    return true;
  }

  private async find(accountId: string, deadline: Deadline): Promise<Swarm> {
    let reason = 'no time was left';
    for (const destination of shuffled(this.options.random, this.pool.usable()).slice(0, ATTEMPTS)) {
      try {
        const requests = [{ method: 'get_swarm' as const, params: { pubkey: accountId } }];
        const [body] = await this.rpc.call({ destination, kind: 'batch', requests, deadline });
        const swarm = body && this.read(body);
        if (swarm) {
          this.keep(accountId, swarm);
          return swarm;
        }
        reason = 'the answer names no node that is in the list';
      } catch (cause) {
        // No other destination would make a path possible.
        if (cause instanceof NetworkTooSmall || cause instanceof SubnetsTooFew) throw cause;
        reason = reasonOf(cause);
      }
    }
    throw new SwarmUnknown(reason);
  }

  /** Only nodes that are in the list count: an answering node could name others of its own. */
  private read(body: JsonObject): Swarm | null {
    const { swarm: id, snodes } = body;
    if (typeof id !== 'string' || !ID_PATTERN.test(id) || !Array.isArray(snodes)) return null;
    const members = new Map<string, ServiceNode>();
    for (const snode of snodes as JsonValue[]) {
      const key = isJsonObject(snode) && typeof snode.pubkey_ed25519 === 'string' ? snode.pubkey_ed25519 : '';
      const node = this.pool.get(key.toLowerCase());
      if (node) members.set(node.ed25519, node);
    }
    return members.size === 0 ? null : { id: id.toLowerCase(), members: [...members.values()] };
  }

  private keep(accountId: string, swarm: Swarm): void {
    this.kept.delete(accountId);
    this.kept.set(accountId, { swarm, untilMs: this.options.monotonicMs() + LIFE_MS });
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= MAX_KEPT) break;
      this.kept.delete(oldest);
    }
    this.options.trace({ kind: 'swarm-found', swarmId: swarm.id, members: swarm.members.map(nameOf) });
  }
}
