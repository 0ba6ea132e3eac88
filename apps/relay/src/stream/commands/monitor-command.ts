import { Inject, Injectable } from '@nestjs/common';
import { badArguments, encodeMonitorRefusal, TEXTS, type MessagePart } from '#protocol';
import { RELAY_LIMITS, type RelayLimits } from '../../limits/budget.js';
import { StorageRpc, StorageUnavailable } from '../../rpc/storage-rpc.js';
import { ShardFeed } from '../subscriptions/shard-feed.js';
import { Subscriptions } from '../subscriptions/subscriptions.js';
import { STREAM_LIMITS, type StreamLimits } from '../stream-limits.js';
import { BUSY, type Caller, type Command } from './command.js';
import { RequestGate } from './request-gate.js';

const ONE_PART = encodeMonitorRefusal(badArguments(TEXTS.monitor.onePart));

/** `monitor.messages`: storage judges, this process remembers and pushes. docs/protocol/storage-rpc.md §10 */
@Injectable()
export class MonitorCommand implements Command {
  constructor(
    @Inject(RequestGate) private readonly gate: RequestGate,
    @Inject(StorageRpc) private readonly storage: StorageRpc,
    @Inject(Subscriptions) private readonly subscriptions: Subscriptions,
    @Inject(ShardFeed) private readonly feed: ShardFeed,
    @Inject(RELAY_LIMITS) private readonly limits: RelayLimits,
    @Inject(STREAM_LIMITS) private readonly streamLimits: StreamLimits,
  ) {}

  async run(parts: readonly Uint8Array[], caller: Caller): Promise<readonly MessagePart[]> {
    const refused = this.gate.closed();
    if (refused !== null) return refused;
    const [part, ...more] = parts;
    if (part === undefined || more.length > 0) return [ONE_PART];
    return this.gate.withPlace(() => this.#ask(part, caller));
  }

  async #ask(part: Uint8Array, caller: Caller): Promise<readonly MessagePart[]> {
    const answer = await this.storage.monitor(part, this.limits.entryMs).catch((cause: unknown) => {
      if (cause instanceof StorageUnavailable) return null;
      throw cause;
    });
    if (answer === null) return BUSY;
    const { status, reply, grants } = answer;
    if (status !== 200) return [String(status), reply];
    if (!caller.isOpen) return [reply]; // nobody is there to read it, or to be told anything
    if (!this.subscriptions.add(caller, grants)) return BUSY;
    await this.feed.settled(this.streamLimits.listenMs);
    return [reply];
  }
}
