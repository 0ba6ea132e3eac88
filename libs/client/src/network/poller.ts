import type { Primitives } from '#protocol';
import type { Account } from '../account/account.js';
import { decodeMessage } from '../messages/decode-message.js';
import type { DecodedMessage } from '../messages/decode-message.js';
import type { AcceptanceHooks } from '../messages/acceptance.js';
import type { DropReason } from '../messages/drop-reason.js';
import type { NetworkClock } from './clock.js';
import { Deadline } from './deadline.js';
import type { Mailbox, StoredMessage } from './mailbox.js';
import { PollFailed, reasonOf } from './network-errors.js';
import type { NodeRpc } from './node-rpc.js';
import { PollLedger } from './poll-ledger.js';
import { EMPTY_POLL_STATE } from './poll-state.js';
import type { PollStateStore } from './poll-state.js';
import { recover } from './recovery.js';
import type { ServiceNode } from './service-node.js';
import type { Swarms } from './swarms.js';

/** docs/protocol/client-messages.md §3.1: how many members are asked side by side. */
const NODES_PER_POLL = 2;
/** Members that are asked in all before a poll fails. */
const ATTEMPTS = 6;
const DEADLINE_MS = 30_000;

/** A message that was not delivered before. Times are epoch milliseconds. */
export interface ReceivedMessage extends DecodedMessage {
  /** What nodes call it; for deleting it. */
  readonly hash: string;
  readonly storedMs: number;
  readonly expiresMs: number;
}

export interface PollResult {
  /** In the order in which they were sent. */
  readonly messages: readonly ReceivedMessage[];
  /** Stored messages that are not shown, and why. */
  readonly dropped: readonly { readonly hash: string; readonly reason: DropReason }[];
  /**
   * Remembers that these messages were handled. Call it when they are safe: what was not committed comes again with
   * the next poll.
   */
  commit(): Promise<void>;
}

export interface PollerOptions {
  readonly primitives: Primitives;
  readonly monotonicMs: () => number;
  readonly states: PollStateStore;
}

/** Fetches what is new for an account. One poll at a time per account. docs/protocol/client-messages.md §2.10, §3 */
export class Poller {
  constructor(
    private readonly rpc: NodeRpc,
    private readonly swarms: Swarms,
    private readonly mailbox: Mailbox,
    private readonly clock: NetworkClock,
    private readonly options: PollerOptions,
  ) {}

  /** Throws PollFailed when no member answered, and SwarmUnknown. */
  async poll(account: Account, hooks: AcceptanceHooks): Promise<PollResult> {
    const { primitives, monotonicMs, states } = this.options;
    const deadline = new Deadline(monotonicMs, DEADLINE_MS);
    await this.swarms.of(account.id, deadline); // its answer brings the network's time
    const state = (await states.load(account.id)) ?? EMPTY_POLL_STATE;
    const ledger = new PollLedger(state, this.clock.now(), primitives);
    const stored = await this.collect(account, ledger, deadline);

    const messages: ReceivedMessage[] = [];
    const dropped: { hash: string; reason: DropReason }[] = [];
    for (const { hash, data, storedMs, expiresMs } of stored) {
      if (!ledger.see(hash, expiresMs)) continue;
      const decoded = decodeMessage(data, account, { primitives, ...hooks });
      if (decoded.kind === 'dropped') dropped.push({ hash, reason: decoded.reason });
      else if (ledger.deliver(decoded.conversationId, decoded.senderId, decoded.sentMs, expiresMs)) {
        messages.push({ ...decoded, hash, storedMs, expiresMs });
      }
    }
    messages.sort((a, b) => a.sentMs - b.sentMs);
    return { messages, dropped, commit: () => states.save(account.id, ledger.toState()) };
  }

  /** What two members hold, merged by hash; the first answer wins. */
  private async collect(account: Account, ledger: PollLedger, deadline: Deadline): Promise<Iterable<StoredMessage>> {
    const merged = new Map<string, StoredMessage>();
    const done = new Set<string>();
    let answered = 0;
    let attempts = 0;
    let reason = 'no time was left';
    while (answered < NODES_PER_POLL && attempts < ATTEMPTS && !deadline.isOver) {
      const swarm = await this.swarms.of(account.id, deadline);
      const waiting = this.swarms.ranked(swarm).filter(({ ed25519 }) => !done.has(ed25519));
      const members = waiting.slice(0, NODES_PER_POLL - answered);
      if (members.length === 0) break;
      attempts += members.length;
      const readings = members.map((member) => this.readOne(account, member, ledger, deadline));
      for (const reading of await Promise.all(readings)) {
        if (reading.next === 'other') done.add(reading.member.ed25519);
        if ('reason' in reading) reason = reading.reason;
        else {
          answered += 1;
          for (const message of reading.messages) if (!merged.has(message.hash)) merged.set(message.hash, message);
        }
      }
    }
    if (answered === 0) throw new PollFailed(reason);
    return merged.values();
  }

  private async readOne(
    account: Account,
    member: ServiceNode,
    ledger: PollLedger,
    deadline: Deadline,
  ): Promise<Reading> {
    try {
      return { member, next: 'other', messages: await this.mailbox.read(account, member, ledger, deadline) };
    } catch (cause) {
      const failed = { accountId: account.id, member, deadline };
      const next = await recover(cause, failed, { rpc: this.rpc, swarms: this.swarms });
      return { member, next, reason: reasonOf(cause) };
    }
  }
}

type Reading = { readonly member: ServiceNode; readonly next: 'same' | 'other' } & (
  { readonly messages: readonly StoredMessage[] } | { readonly reason: string }
);
