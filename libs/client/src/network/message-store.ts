import { AccountId, messageHash } from '#protocol';
import type { Primitives } from '#protocol';
import type { NetworkClock } from './clock.js';
import { Deadline } from './deadline.js';
import { DestinationFailed, NotStored, reasonOf, RequestRefused } from './network-errors.js';
import type { NodePool } from './node-pool.js';
import type { NodeRpc } from './node-rpc.js';
import { recover } from './recovery.js';
import type { ServiceNode } from './service-node.js';
import { checkStoreAnswer } from './store-receipt.js';
import type { CheckedAnswers } from './store-receipt.js';
import type { Swarms } from './swarms.js';
import type { MemberAnswer, TraceObserver } from './trace.js';

/** docs/protocol/client-messages.md §2.7: a new member each time. */
const ATTEMPTS = 3;
/** For all attempts together; a person is waiting. */
const DEADLINE_MS = 30_000;
/** Session iOS asks for signed answers of half the swarm: docs/protocol/storage-rpc.md §16.8. */
const REQUIRED_SHARE = 0.5;
const NAMESPACE = 0;

export interface StoreRequest {
  /** Lower-case Account ID. */
  readonly recipientId: string;
  readonly data: Uint8Array;
  readonly base64: string;
  readonly ttlMs: number;
}

export interface StoreReceipt {
  /** What nodes call the message, 43 characters. */
  readonly hash: string;
  readonly swarmId: string;
  readonly answers: readonly MemberAnswer[];
  /** How many times a member was asked. */
  readonly attempts: number;
}

export interface MessageStoreOptions {
  readonly primitives: Primitives;
  readonly monotonicMs: () => number;
  readonly trace: TraceObserver;
}

/** Stores messages in the swarms of their recipients. */
export class MessageStore {
  constructor(
    private readonly rpc: NodeRpc,
    private readonly swarms: Swarms,
    private readonly pool: NodePool,
    private readonly clock: NetworkClock,
    private readonly options: MessageStoreOptions,
  ) {}

  /** Storing the same bytes again is harmless, so every failure may be retried. Throws NotStored and SwarmUnknown. */
  async store(request: StoreRequest): Promise<StoreReceipt> {
    const { primitives, monotonicMs } = this.options;
    const hash = messageHash(primitives, AccountId.parse(request.recipientId), NAMESPACE, request.data);
    const deadline = new Deadline(monotonicMs, DEADLINE_MS);
    const tried = new Set<string>();
    let attempts = 0;
    let reason = 'no time was left';
    while (attempts < ATTEMPTS && !deadline.isOver) {
      const swarm = await this.swarms.of(request.recipientId, deadline);
      const ranked = this.swarms.ranked(swarm);
      const member = ranked.find(({ ed25519 }) => !tried.has(ed25519)) ?? ranked[0];
      if (!member) break;
      tried.add(member.ed25519);
      attempts += 1;
      try {
        const { answers } = await this.attempt(request, hash, member, deadline);
        return { hash, swarmId: swarm.id, answers, attempts };
      } catch (cause) {
        reason = reasonOf(cause);
        if (cause instanceof RequestRefused) throw cause; // every member would see the same fault in it
        const failed = { accountId: request.recipientId, member, deadline };
        const next = await recover(cause, failed, { rpc: this.rpc, swarms: this.swarms });
        if (next === 'same') tried.delete(member.ed25519);
      }
    }
    throw new NotStored(attempts, reason);
  }

  private async attempt(
    { recipientId, base64, ttlMs }: StoreRequest,
    hash: string,
    destination: ServiceNode,
    deadline: Deadline,
  ): Promise<CheckedAnswers> {
    const startMs = this.options.monotonicMs();
    const params = {
      pubkey: recipientId,
      timestamp: this.clock.now(),
      namespace: NAMESPACE,
      ttl: ttlMs,
      data: base64,
    };
    const requests = [{ method: 'store' as const, params }];
    const [body] = await this.rpc.call({ destination, kind: 'sequence', requests, deadline });
    const checked = body && checkStoreAnswer(this.options.primitives, this.pool, body, hash);
    if (!checked) throw new DestinationFailed(destination.ed25519, 'its answer to a store has another shape');
    this.options.trace({ kind: 'stored', answers: checked.answers, ms: this.options.monotonicMs() - startMs });
    if (checked.proven === 0 || checked.proven < checked.expected * REQUIRED_SHARE) {
      const share = `${checked.proven} of ${checked.expected} members`;
      throw new DestinationFailed(destination.ed25519, `only ${share} proved that they hold the message`);
    }
    return checked;
  }
}
