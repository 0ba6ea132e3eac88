import { Inject, Injectable } from '@nestjs/common';
import { Clock, Log, PRIMITIVES } from '#platform';
import { messageHash, namespaceKind, WrongSwarm, type Primitives } from '#protocol';
import { MailboxFull, Mailboxes, type HeldMessage } from '../mailbox/mailboxes.js';
import { StorageMetrics } from '../storage.metrics.js';
import { FetchFromMembers } from '../sync/fetch-from-members.js';
import { AuditSamples, type Sample } from './audit-samples.js';

/**
 * Computes the hashes of stored messages again. A damaged one is never given to anybody from then on: it is replaced by
 * what another member has, or is gone. Reads by clients do not check hashes: that would cost each of them what this
 * costs once. docs/storage-layout.md
 */
@Injectable()
export class Audit {
  constructor(
    @Inject(AuditSamples) private readonly samples: AuditSamples,
    @Inject(FetchFromMembers) private readonly members: FetchFromMembers,
    @Inject(Mailboxes) private readonly mailboxes: Mailboxes,
    @Inject(PRIMITIVES) private readonly primitives: Primitives,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(StorageMetrics) private readonly metrics: StorageMetrics,
    @Inject(Log) private readonly log: Log,
  ) {}

  /** Looks at so many messages, or fewer where an index is empty. Throws RedisUnavailable. */
  async look(times: number): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      const sample = await this.samples.take(Math.random()); // chance, not secrecy
      if (sample === null) continue;
      if (this.#isSound(sample)) this.metrics.audited('sound');
      else await this.#mend(sample);
    }
  }

  #isSound({ account, message: { hash, namespace, data }, agrees }: Sample): boolean {
    return agrees && messageHash(this.primitives, account, namespace, data) === hash;
  }

  /** Out of view first; what it should have been is asked for afterwards. */
  async #mend(sample: Sample): Promise<void> {
    await this.samples.drop(sample);
    const whole = await this.#whole(sample);
    const outcome = whole !== null && (await this.#put(sample, whole)) ? 'mended' : 'dropped';
    this.metrics.audited(outcome);
    this.log.warn('message_was_damaged', { outcome });
  }

  async #whole({ account, message }: Sample): Promise<HeldMessage | null> {
    try {
      return await this.members.fetch(account, message.hash);
    } catch (cause) {
      if (cause instanceof WrongSwarm) return null; // left from a swarm that we were in
      throw cause;
    }
  }

  async #put({ account }: Sample, message: HeldMessage): Promise<boolean> {
    try {
      const replaces = namespaceKind(message.namespace).outbox;
      const outcome = await this.mailboxes.put(account, { ...message, replaces }, this.clock.now());
      return outcome === 'new' || outcome === 'held';
    } catch (cause) {
      if (cause instanceof MailboxFull) return false;
      throw cause;
    }
  }
}
