import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, PRIMITIVES, RedisUnavailable } from '#platform';
import {
  authorizeStore,
  checkStoreTimes,
  messageHash,
  namespaceKind,
  NodeKey,
  utf8,
  type Circumstances,
  type Primitives,
  type StoreRequest,
} from '#protocol';
import { MailboxFull, Mailboxes, type StoreOutcome } from '../mailbox/mailboxes.js';
import { SwarmView } from '../membership/swarm-view.js';
import { NewMessages } from '../monitor/new-messages.js';
import { NodeSigner } from '../node/node-signer.js';
import type { NodeResult } from '../replication/node-result.js';
import type { SwarmOutcome } from '../replication/swarm-fan-out.js';
import type { SwarmMethod } from '../replication/swarm-method.js';
import { jsonReply, type RpcReply } from '../rpc/rpc-handler.js';
import type { StorageConfig } from '../storage.config.js';
import { StorageMetrics } from '../storage.metrics.js';

/** docs/protocol/storage-rpc.md §8.1 */
@Injectable()
export class StoreMethod implements SwarmMethod<StoreRequest> {
  readonly method = 'store';

  constructor(
    @Inject(Mailboxes) private readonly mailboxes: Mailboxes,
    @Inject(PRIMITIVES) private readonly primitives: Primitives,
    @Inject(NewMessages) private readonly newMessages: NewMessages,
    @Inject(NodeSigner) private readonly signer: NodeSigner,
    @Inject(SwarmView) private readonly view: SwarmView,
    @Inject(NodeKey) private readonly self: NodeKey,
    @Inject(CONFIG) private readonly config: StorageConfig,
    @Inject(StorageMetrics) private readonly metrics: StorageMetrics,
  ) {}

  authorize(request: StoreRequest, at: Circumstances): void {
    checkStoreTimes(request, at.nowMs);
    authorizeStore(this.primitives, request, at);
  }

  /** The durable write, and our signature that we hold the message. */
  async carryOut(request: StoreRequest, nowMs: number): Promise<NodeResult> {
    const hash = this.#hashOf(request);
    const { already, expiryMs } = await this.#write(request, hash, nowMs);
    return { ...(already && { already: true }), expiry: expiryMs, hash, signature: this.signer.sign(utf8(hash)) };
  }

  /** Acknowledged means kept by enough members, or by all of a swarm that is smaller. */
  reply(request: StoreRequest, { entries }: SwarmOutcome, nowMs: number): RpcReply {
    const own = entries[this.self.id];
    const hash = own?.hash ?? this.#hashOf(request); // ours is that of the message, if we have one
    const members = Object.values(entries);
    const copies = members.filter((entry) => entry.failed !== true && entry.hash === hash).length;
    const body = {
      ...(own?.hash !== undefined && { hash: own.hash }),
      hf: [...this.view.hardfork],
      swarm: { ...entries, [this.self.id]: { ...own, t: nowMs } },
      t: nowMs,
    };
    return jsonReply(body, copies >= Math.min(this.config.STORAGE_MIN_COPIES, members.length) ? 200 : 500);
  }

  #hashOf({ account, namespace, data }: StoreRequest): string {
    return messageHash(this.primitives, account, namespace, data);
  }

  async #write(request: StoreRequest, hash: string, nowMs: number): Promise<StoreOutcome> {
    const { account, namespace, timestampMs, expiryMs, data } = request;
    const replaces = namespaceKind(namespace).outbox;
    try {
      const message = { hash, namespace, timestampMs, expiryMs, data, replaces };
      const outcome = await this.mailboxes.store(account, message, nowMs);
      if (outcome.watch !== undefined) this.newMessages.publish(account, message, outcome.watch);
      this.metrics.stored(outcome.already ? 'held' : 'new');
      return outcome;
    } catch (cause) {
      if (cause instanceof MailboxFull) this.metrics.stored(`full_${cause.reason}`);
      if (cause instanceof RedisUnavailable) this.metrics.stored('unavailable');
      throw cause;
    }
  }
}
