import { Inject, Injectable } from '@nestjs/common';
import { encodeNewMessage, newMessageShard, newMessageSubject } from '#contracts';
import { Bus, PRIMITIVES } from '#platform';
import type { AccountId, Primitives } from '#protocol';
import type { NewMessage } from '../mailbox/mailboxes.js';
import { StorageMetrics } from '../storage.metrics.js';
import type { Watch } from './watchers.js';

/** Tells the relays of messages that somebody watches for. Lost while the bus is away: subscribers look for themselves too. */
@Injectable()
export class NewMessages {
  constructor(
    @Inject(Bus) private readonly bus: Bus,
    @Inject(PRIMITIVES) private readonly primitives: Primitives,
    @Inject(StorageMetrics) private readonly metrics: StorageMetrics,
  ) {}

  publish({ bytes: account }: AccountId, message: NewMessage, watch: Watch): void {
    const { namespace, hash, timestampMs, expiryMs } = message;
    const data = watch === 'with_data' ? message.data : null;
    const frame = encodeNewMessage({ account, namespace, hash, timestampMs, expiryMs, data });
    this.bus.publish(newMessageSubject(newMessageShard(this.primitives, account)), frame);
    this.metrics.told();
  }
}
