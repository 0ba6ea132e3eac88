import { isJsonObject } from '#protocol';
import type { JsonObject, JsonValue, RandomBytes } from '#protocol';
import { Deadline } from './deadline.js';
import type { NodePool } from './node-pool.js';
import type { NodeRpc } from './node-rpc.js';
import { shuffled } from './random-choice.js';
import { readNode } from './service-node.js';
import type { ServiceNode } from './service-node.js';
import type { TraceObserver } from './trace.js';

/** docs/protocol/onion.md §8.2: this many nodes must agree. */
const WITNESSES = 3;
/** docs/protocol/onion.md §8.2, the cache life of libsession. */
const LIST_LIFE_MS = 7_200_000;
/** After a list that could not be renewed. */
const RETRY_MS = 60_000;
/** Seeds are asked in need at most this often, however many requests fail. */
const RESCUE_PAUSE_MS = 10_000;
const DEADLINE_MS = 20_000;
/** A list that lost more than half at once is not believed; seeds are asked instead. */
const MIN_SHARE = 0.5;
const FIELDS = { public_ip: true, storage_port: true, pubkey_x25519: true, pubkey_ed25519: true };

export interface NodeSourceOptions {
  readonly random: RandomBytes;
  readonly monotonicMs: () => number;
  readonly trace: TraceObserver;
  readonly askSeed: () => Promise<ServiceNode[]>;
}

/** Keeps the list of nodes: from the seed at first, later from nodes that agree. docs/protocol/onion.md §8.1, §8.2 */
export class NodeSource {
  private renewAtMs = 0;
  private rescuedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly pool: NodePool,
    private readonly options: NodeSourceOptions,
  ) {}

  /** Throws SeedUnreachable, SeedNotTrusted or SeedAnswerInvalid. */
  async fromSeed(): Promise<void> {
    const startMs = this.options.monotonicMs();
    this.take(await this.options.askSeed(), 'seed', startMs);
  }

  /** Renews an old list. Failures are left for the next time: the old list still works. */
  async renew(rpc: NodeRpc): Promise<void> {
    const nowMs = this.options.monotonicMs();
    if (nowMs < this.renewAtMs) return;
    this.renewAtMs = nowMs + RETRY_MS; // at once, so that requests side by side do not all ask
    try {
      const nodes = await this.fromNodes(rpc);
      if (nodes.length >= this.pool.size * MIN_SHARE) this.take(nodes, 'nodes', nowMs);
      else await this.fromSeed();
    } catch {
      // Whoever made the request that led here is told by that request if the network is gone.
    }
  }

  /** For when no path can be built: everybody gets another chance, and the seed is asked who is there now. */
  async rescue(): Promise<void> {
    const nowMs = this.options.monotonicMs();
    this.pool.forgiveAll();
    if (nowMs - this.rescuedAtMs < RESCUE_PAUSE_MS) return;
    this.rescuedAtMs = nowMs;
    try {
      await this.fromSeed();
    } catch {
      // The request goes on with the list that there is.
    }
  }

  private take(nodes: readonly ServiceNode[], source: 'seed' | 'nodes', startMs: number): void {
    const nowMs = this.options.monotonicMs();
    this.pool.replace(nodes);
    this.renewAtMs = nowMs + LIST_LIFE_MS;
    this.options.trace({ kind: 'nodes-listed', source, count: nodes.length, ms: nowMs - startMs });
  }

  /** The nodes on whose address all witnesses agree. */
  private async fromNodes(rpc: NodeRpc): Promise<ServiceNode[]> {
    const deadline = new Deadline(this.options.monotonicMs, DEADLINE_MS);
    const params = { endpoint: 'get_service_nodes', params: { active_only: true, fields: FIELDS } };
    const requests = [{ method: 'oxend_request' as const, params }];
    const witnesses = shuffled(this.options.random, this.pool.usable()).slice(0, WITNESSES);
    const lists = await Promise.all(
      witnesses.map(async (destination) => {
        const [body] = await rpc.call({ destination, kind: 'batch', requests, deadline });
        return readStates(body ?? {});
      }),
    );
    const [first, ...others] = lists;
    if (!first || lists.length < WITNESSES) return [];
    const byKey = others.map((list) => new Map(list.map((node) => [node.ed25519, node])));
    return first.filter((node) => byKey.every((list) => isSame(node, list.get(node.ed25519))));
  }
}

function readStates({ result }: JsonObject): ServiceNode[] {
  const states = isJsonObject(result) ? result.service_node_states : undefined;
  if (!Array.isArray(states)) return [];
  const nodes: ServiceNode[] = [];
  for (const state of states as JsonValue[]) {
    if (!isJsonObject(state)) continue;
    const { public_ip: ip, storage_port: port, pubkey_ed25519: ed25519, pubkey_x25519: x25519 } = state;
    const node = readNode({ ip, port, ed25519, x25519 });
    if (node) nodes.push(node);
  }
  return nodes;
}

function isSame(node: ServiceNode, other: ServiceNode | undefined): boolean {
  return node.x25519 === other?.x25519 && node.ip === other.ip && node.httpsPort === other.httpsPort;
}
