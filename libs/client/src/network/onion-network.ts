import { buildOnion, parseNodeReply, UnreadableReply, UnusableNodeKey } from '#protocol';
import type { BuiltOnion, NodeReply, Primitives, RandomBytes } from '#protocol';
import type { Deadline } from './deadline.js';
import { CLIENT_HEADERS } from './http.js';
import type { HttpPost, HttpPostReply } from './http.js';
import { DestinationFailed, NetworkTooSmall, NoPathWorked, reasonOf } from './network-errors.js';
import type { NodePool } from './node-pool.js';
import { judgeAnswer } from './onion-fault.js';
import type { OnionFault } from './onion-fault.js';
import type { OnionPath, Paths } from './paths.js';
import { nameOf } from './service-node.js';
import type { ServiceNode } from './service-node.js';
import type { TraceObserver } from './trace.js';

/** docs/protocol/storage-rpc.md §16.1: how long clients wait for one answer. */
const REQUEST_TIMEOUT_MS = 10_000;
/** As many paths as Session clients try for one request. */
const PATH_ATTEMPTS = 3;
/** Largest answer: 7.8 MB of results, encrypted and then base64, with room for the rest (storage-rpc §8.2). */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const ONION_PATH = '/onion_req/v2';
/** Words that faults are reported with end up in one line. */
const MAX_REASON_CHARS = 120;

export interface OnionRequest {
  readonly destination: ServiceNode;
  /** What is asked, for the trace only. */
  readonly method: string;
  /** UTF-8 JSON of the RPC envelope. */
  readonly payload: Uint8Array;
  readonly deadline: Deadline;
}

export interface OnionNetworkOptions {
  readonly primitives: Primitives;
  readonly random: RandomBytes;
  readonly monotonicMs: () => number;
  readonly post: HttpPost;
  readonly trace: TraceObserver;
  /** Called once per request when no path can be built; it may refresh the pool. */
  readonly rescue: () => Promise<void>;
}

interface Failure {
  readonly fault: OnionFault;
  readonly reason: string;
}

/** Sends requests to nodes through paths, over another path when one fails. */
export class OnionNetwork {
  constructor(
    private readonly pool: NodePool,
    private readonly paths: Paths,
    private readonly options: OnionNetworkOptions,
  ) {}

  /** The decrypted reply of the destination. Throws DestinationFailed, NoPathWorked, NetworkTooSmall, SubnetsTooFew. */
  async call(request: OnionRequest): Promise<NodeReply> {
    const destinationId = request.destination.ed25519;
    const suspects = new Set<string>();
    let reason = 'no time was left';
    let tried = 0;
    while (tried < PATH_ATTEMPTS && !request.deadline.isOver) {
      const path = await this.pathTo(destinationId, suspects);
      tried += 1;
      const outcome = await this.tryPath(path, request);
      if (!('fault' in outcome)) {
        this.paths.succeeded(path);
        return outcome;
      }
      const { fault } = outcome;
      reason = outcome.reason;
      if ('nodeId' in fault && fault.nodeId === destinationId) throw this.destinationFailed(fault, reason);
      this.paths.failed(path, fault);
      if (fault.kind === 'stop') break;
      for (const node of suspectsOf(path, fault)) suspects.add(node.ed25519);
    }
    throw new NoPathWorked(tried, reason);
  }

  private async pathTo(destinationId: string, suspects: ReadonlySet<string>): Promise<OnionPath> {
    try {
      return this.paths.pathTo(destinationId, suspects);
    } catch (cause) {
      if (!(cause instanceof NetworkTooSmall)) throw cause;
      await this.options.rescue();
      return this.paths.pathTo(destinationId, suspects);
    }
  }

  private destinationFailed(fault: OnionFault & { nodeId: string }, reason: string): DestinationFailed {
    if (fault.kind === 'node-gone') this.pool.remove(fault.nodeId);
    else if (fault.kind === 'node-unreachable') this.pool.setAside(fault.nodeId);
    else this.pool.strike(fault.nodeId);
    return new DestinationFailed(fault.nodeId, reason);
  }

  private async tryPath(path: OnionPath, request: OnionRequest): Promise<NodeReply | Failure> {
    const startMs = this.options.monotonicMs();
    const outcome = await this.exchange(path, request);
    this.options.trace({
      kind: 'request',
      method: request.method,
      hops: path.nodes.map(nameOf),
      destination: nameOf(request.destination),
      ms: this.options.monotonicMs() - startMs,
      outcome: 'fault' in outcome ? outcome.reason : 'ok',
    });
    return outcome;
  }

  private async exchange(
    path: OnionPath,
    { destination, payload, deadline }: OnionRequest,
  ): Promise<NodeReply | Failure> {
    const [guard] = path.nodes;
    if (!guard) return failure({ kind: 'path' }, 'the path is empty');
    const onion = this.build(path, destination, payload);
    if (!onion) return failure({ kind: 'path' }, 'a key of a node on the path is unusable');

    let reply: HttpPostReply;
    try {
      reply = await this.options.post({
        url: `https://${guard.ip}:${guard.httpsPort}${ONION_PATH}`,
        headers: CLIENT_HEADERS,
        body: onion.body,
        timeoutMs: Math.min(REQUEST_TIMEOUT_MS, deadline.leftMs),
        maxBytes: MAX_ANSWER_BYTES,
        trust: 'any',
      });
    } catch (cause) {
      // A guard that accepts but does not answer may only be waiting for the rest of the path.
      return failure({ kind: isTimeout(cause) ? 'silence' : 'guard-down' }, reasonOf(cause));
    }
    if (reply.status !== 200) {
      const text = new TextDecoder().decode(reply.body.subarray(0, MAX_REASON_CHARS));
      return failure(judgeAnswer(reply.status, reply.body), `${reply.status} ${text}`);
    }
    return openReply(onion, reply.body);
  }

  private build({ nodes }: OnionPath, destination: ServiceNode, payload: Uint8Array): BuiltOnion | null {
    const { primitives, random } = this.options;
    try {
      return buildOnion(primitives, random, { path: nodes, destination, payload });
    } catch (cause) {
      if (cause instanceof UnusableNodeKey) return null;
      throw cause;
    }
  }
}

/** A reply that cannot be read counts against the path: any hop can have spoilt it. */
function openReply(onion: BuiltOnion, body: Uint8Array): NodeReply | Failure {
  try {
    return parseNodeReply(onion.open(body));
  } catch (cause) {
    if (cause instanceof UnreadableReply) return failure({ kind: 'path' }, cause.message);
    throw cause;
  }
}

function failure(fault: OnionFault, reason: string): Failure {
  return { fault, reason };
}

function isTimeout(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'name' in cause && cause.name === 'TimeoutError';
}

/** Who to avoid for the rest of this request. A guard that passed an error on has done its part. */
function suspectsOf({ nodes }: OnionPath, fault: OnionFault): readonly ServiceNode[] {
  if ('nodeId' in fault) return nodes.filter(({ ed25519 }) => ed25519 === fault.nodeId);
  return nodes.length > 1 && fault.kind === 'path' ? nodes.slice(1) : nodes;
}
