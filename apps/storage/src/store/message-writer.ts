import { Inject, Injectable } from '@nestjs/common';
import { PRIMITIVES, RedisUnavailable } from '#platform';
import { messageHash, namespaceKind, utf8, type Primitives, type StoreRequest } from '#protocol';
import { MailboxFull, Mailboxes } from '../mailbox/mailboxes.js';
import { NodeSigner } from '../node/node-signer.js';
import type { NodeResult } from '../replication/node-result.js';
import { StorageMetrics } from '../storage.metrics.js';

/** Our own part of a store: the durable write, and our signature that we hold the message. */
@Injectable()
export class MessageWriter {
  constructor(
    @Inject(Mailboxes) private readonly mailboxes: Mailboxes,
    @Inject(PRIMITIVES) private readonly primitives: Primitives,
    @Inject(NodeSigner) private readonly signer: NodeSigner,
    @Inject(StorageMetrics) private readonly metrics: StorageMetrics,
  ) {}

  /** A Redis that is full or away is a failed entry, not a fault. docs/protocol/storage-rpc.md §7.3 */
  async write(request: StoreRequest, nowMs: number): Promise<NodeResult> {
    const { account, namespace, timestampMs, expiryMs, data } = request;
    const hash = messageHash(this.primitives, account, namespace, data);
    const replaces = namespaceKind(namespace).outbox;
    try {
      const outcome = await this.mailboxes.store(
        account,
        { hash, namespace, timestampMs, expiryMs, data, replaces },
        nowMs,
      );
      this.metrics.stored(outcome.already ? 'held' : 'new');
      return {
        ...(outcome.already && { already: true }),
        expiry: outcome.expiryMs,
        hash,
        signature: this.signer.sign(utf8(hash)),
      };
    } catch (cause) {
      if (!(cause instanceof MailboxFull || cause instanceof RedisUnavailable)) throw cause;
      this.metrics.stored(cause instanceof MailboxFull ? 'full' : 'unavailable');
      return { failed: true, query_failure: true };
    }
  }
}
