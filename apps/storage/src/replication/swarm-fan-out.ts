import { Inject, Injectable } from '@nestjs/common';
import {
  encodeForwarded,
  NodeKey,
  type JsonObject,
  type NodeRecord,
  type RecursiveRequest,
  type Swarm,
} from '#protocol';
import { PeerTimeout, type PeerReply } from '#transport';
import { SwarmView } from '../membership/swarm-view.js';
import { StorageMetrics } from '../storage.metrics.js';
import { peerResultToJson, resultToJson, type NodeResult } from './node-result.js';
import { NotAsked, PeerPatience } from './peer-patience.js';

/** One entry a member, by Ed25519 key: the `swarm` of a reply. */
export interface SwarmOutcome {
  readonly entries: Readonly<Record<string, JsonObject>>;
  /** Members that did it, ourselves included. */
  readonly succeeded: number;
  readonly members: number;
}

/** Carries a request out on every member of the swarm at the same time, ourselves included. */
@Injectable()
export class SwarmFanOut {
  constructor(
    @Inject(PeerPatience) private readonly peers: PeerPatience,
    @Inject(SwarmView) private readonly view: SwarmView,
    @Inject(NodeKey) private readonly self: NodeKey,
    @Inject(StorageMetrics) private readonly metrics: StorageMetrics,
  ) {}

  /** The others are asked first, so that their work and ours overlap; `own` never waits for them. */
  async run(swarm: Swarm, request: RecursiveRequest, own: () => Promise<NodeResult>): Promise<SwarmOutcome> {
    const peers = this.view.peersIn(swarm);
    const params = peers.length === 0 ? new Uint8Array() : encodeForwarded(request);
    const asked = peers.map(async (peer) => [peer.ed25519, await this.#ask(peer, request.method, params)] as const);
    const ownResult = resultToJson(await own());
    const entries = [[this.self.id, ownResult] as const, ...(await Promise.all(asked))];
    return {
      entries: Object.fromEntries(entries),
      succeeded: entries.filter(([, entry]) => entry.failed !== true).length,
      members: entries.length,
    };
  }

  async #ask(peer: NodeRecord, method: string, params: Uint8Array): Promise<JsonObject> {
    try {
      const reply = await this.peers.command(peer, method, params);
      return this.#entryOf(reply);
    } catch (cause) {
      this.metrics.forwarded(outcomeOf(cause));
      return { failed: true, timeout: true };
    }
  }

  /** docs/protocol/storage-rpc.md §7.3; the status of a refusal is text. */
  #entryOf({ status, body }: PeerReply): JsonObject {
    if (status !== 200) {
      this.metrics.forwarded('refused');
      const reason = status === 421 ? 'wrong swarm' : Buffer.from(body).toString('utf8');
      return { failed: true, code: String(status), reason };
    }
    const entry = peerResultToJson(body);
    this.metrics.forwarded(entry === null ? 'unreadable' : 'done');
    return entry ?? { failed: true, bad_peer_response: true };
  }
}

const outcomeOf = (cause: unknown): 'not_asked' | 'timeout' | 'unreachable' => {
  if (cause instanceof NotAsked) return 'not_asked';
  return cause instanceof PeerTimeout ? 'timeout' : 'unreachable';
};
