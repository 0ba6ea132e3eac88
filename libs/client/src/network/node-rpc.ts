import { InvalidJson, isJsonObject, parseJson, utf8 } from '#protocol';
import type { JsonObject, JsonValue, NodeReply } from '#protocol';
import type { NetworkClock } from './clock.js';
import type { Deadline } from './deadline.js';
import { ClockOutOfSync, DestinationFailed, RequestRefused } from './network-errors.js';
import type { NodePool } from './node-pool.js';
import type { OnionNetwork } from './onion-network.js';
import type { ServiceNode } from './service-node.js';

/** One request inside a batch or sequence. */
export interface SubRequest {
  readonly method: 'store' | 'retrieve' | 'get_swarm' | 'info' | 'oxend_request';
  readonly params: JsonObject;
}

export interface RpcCall {
  readonly destination: ServiceNode;
  /** `batch`: in any order, all of them; `sequence`: one after the other until one fails. */
  readonly kind: 'batch' | 'sequence';
  readonly requests: readonly SubRequest[];
  readonly deadline: Deadline;
}

/** The account belongs to another swarm, which `body` names: docs/protocol/storage-rpc.md §7.1. */
export class WrongSwarmAnswer extends Error {
  constructor(readonly body: JsonObject) {
    super('the account belongs to another swarm');
  }
}

/** Clients hear of a node's fault in few words; longer texts are cut. */
const MAX_REASON_CHARS = 120;

/** Talks to the RPC of a node through an onion and judges what comes back: docs/protocol/onion.md §8.6, last part. */
export class NodeRpc {
  constructor(
    private readonly network: OnionNetwork,
    private readonly pool: NodePool,
    private readonly clock: NetworkClock,
  ) {}

  /**
   * The bodies of the results, one for each request, all with code 200. Throws WrongSwarmAnswer, ClockOutOfSync,
   * RequestRefused, DestinationFailed and what OnionNetwork throws.
   */
  async call(call: RpcCall): Promise<JsonObject[]> {
    const { destination, requests } = call;
    const reply = await this.send(call);
    this.judge(destination, reply.status, reply.body);
    const body = asObject(reply.body);
    const results = body && Array.isArray(body.results) ? (body.results as JsonValue[]) : null;
    if (!results || results.length === 0) throw this.failed(destination, 'its answer has no results');

    const bodies = results.map((result) => this.readResult(destination, result));
    if (bodies.length !== requests.length) throw this.failed(destination, 'its answer lacks a result');
    this.pool.clear(destination.ed25519);
    return bodies;
  }

  /** Asks a node for its time and forgets what others said; for after a refusal because of the clock. */
  async renewClock(destination: ServiceNode, deadline: Deadline): Promise<void> {
    this.clock.reset();
    await this.call({ destination, kind: 'batch', requests: [{ method: 'info', params: {} }], deadline });
  }

  private send({ destination, kind, requests, deadline }: RpcCall): Promise<NodeReply> {
    const envelope = { jsonrpc: '2.0', method: kind, params: { requests } };
    return this.network.call({
      destination,
      method: `${kind}[${requests.map(({ method }) => method).join(', ')}]`,
      payload: utf8(JSON.stringify(envelope)),
      deadline,
    });
  }

  private readResult(destination: ServiceNode, result: JsonValue): JsonObject {
    if (!isJsonObject(result) || typeof result.code !== 'number')
      throw this.failed(destination, 'a result has no code');
    const { code, body } = result;
    const read = asObject(body);
    if (typeof read?.t === 'number') this.clock.observe(read.t);
    this.judge(destination, code, body);
    if (!read) throw this.failed(destination, 'a result is no object');
    return read;
  }

  private judge(destination: ServiceNode, status: number, body: JsonValue | undefined): void {
    if (status === 200) return;
    if (status === 406 || status === 425) throw new ClockOutOfSync();
    if (status === 421) throw new WrongSwarmAnswer(asObject(body) ?? {});
    const text = typeof body === 'string' ? body.slice(0, MAX_REASON_CHARS) : 'no text';
    // 400 and 401 say something about us, not about the node: it keeps its good name.
    if (status === 400 || status === 401 || status === 403) throw new RequestRefused(status, text);
    throw this.failed(destination, `it answered ${status} ${text}`);
  }

  private failed(destination: ServiceNode, reason: string): DestinationFailed {
    this.pool.strike(destination.ed25519);
    return new DestinationFailed(destination.ed25519, reason);
  }
}

/** Bodies arrive as JSON or as text of JSON. */
function asObject(body: JsonValue | undefined): JsonObject | null {
  if (isJsonObject(body)) return body;
  if (typeof body !== 'string') return null;
  try {
    const value = parseJson(body);
    return isJsonObject(value) ? value : null;
  } catch (cause) {
    if (cause instanceof InvalidJson) return null;
    throw cause;
  }
}
