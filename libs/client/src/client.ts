import { noblePrimitives } from '#protocol';
import type { Account } from './account/account.js';
import type { ClientOptions } from './client-options.js';
import type { AcceptanceHooks } from './messages/acceptance.js';
import { syncCopyOf, textContent } from './messages/compose.js';
import type { ContentInit } from './messages/compose.js';
import { EmptyMessage, encodeMessage, InvalidRecipient } from './messages/encode-message.js';
import { SentTimes } from './messages/sent-times.js';
import { Deadline } from './network/deadline.js';
import type { StoreReceipt } from './network/message-store.js';
import { NotStored } from './network/network-errors.js';
import type { PollResult } from './network/poller.js';
import type { ServiceNode } from './network/service-node.js';
import type { Swarm } from './network/swarms.js';
import { UndiciHttp } from './network/undici-http.js';
import { assembleClient } from './wiring.js';
import type { ClientParts } from './wiring.js';

/** For finding a swarm, whatever number of nodes is asked. */
const SWARM_DEADLINE_MS = 30_000;
const USER_ID_PATTERN = /^05[0-9a-f]{64}$/;

export interface SendOptions {
  /** Shown to the recipient, for a text. */
  readonly displayName?: string;
  /** True also stores a copy in the sender's own swarm, for the account's other devices. */
  readonly syncCopy?: boolean;
}

export interface SendResult extends StoreReceipt {
  /** Epoch milliseconds by the network's clock; with the sender it is the identity of the message. */
  readonly sentMs: number;
  /** Where the copy for own devices is, if one was asked for and could be stored. */
  readonly syncCopy?: StoreReceipt;
}

/** A client of the network. What it throws on purpose is a ClientError with one sentence for people. */
export class Client {
  private readonly sentTimes = new SentTimes();

  private constructor(
    private readonly parts: ClientParts,
    private readonly options: ClientOptions,
    private readonly http: UndiciHttp | null,
  ) {}

  /** Fetches the list of nodes. Throws SeedUnreachable, SeedNotTrusted, SeedAnswerInvalid. */
  static async connect(options: ClientOptions): Promise<Client> {
    const http = options.post ? null : new UndiciHttp();
    const post = options.post ?? http?.post;
    if (!post) throw new TypeError('no way to send requests');
    const client = new Client(assembleClient(options, post), options, http);
    try {
      await client.parts.source.fromSeed();
      return client;
    } catch (cause) {
      await client.close();
      throw cause;
    }
  }

  /** The nodes of the list, as they are known now. */
  get nodes(): readonly ServiceNode[] {
    return this.parts.pool.all();
  }

  /** Ed25519 keys of the nodes that paths begin with; give them to the next `connect`. */
  get guards(): readonly string[] {
    return this.parts.paths.guardIds;
  }

  /** Sends a text or any content to one account. Throws InvalidRecipient, EmptyMessage, MessageTooLong, NotStored, SwarmUnknown. */
  async send(
    account: Account,
    recipientId: string,
    message: string | ContentInit,
    options: SendOptions = {},
  ): Promise<SendResult> {
    const to = userId(recipientId);
    const content = contentOf(message, options.displayName, to === account.id ? to : null);
    await this.parts.source.renew(this.parts.rpc);
    // The first answer brings the network's time, which the message must carry.
    await this.parts.swarms.of(to, this.deadline());
    const sentMs = this.sentTimes.next(account.id, this.parts.clock.now());
    const receipt = await this.storeOne(account, to, content, sentMs);

    const copy = options.syncCopy && to !== account.id ? syncCopyOf(content, to) : null;
    if (!copy) return { ...receipt, sentMs };
    try {
      return { ...receipt, sentMs, syncCopy: await this.storeOne(account, account.id, copy, sentMs) };
    } catch (cause) {
      if (cause instanceof NotStored) return { ...receipt, sentMs }; // the message itself has arrived
      throw cause;
    }
  }

  /** What is new for an account; call `commit` of the result when it is safe. Throws PollFailed, SwarmUnknown. */
  async poll(account: Account, hooks: AcceptanceHooks = {}): Promise<PollResult> {
    await this.parts.source.renew(this.parts.rpc);
    return this.parts.poller.poll(account, hooks);
  }

  /** The nodes that keep the messages of an account. Throws InvalidRecipient, SwarmUnknown. */
  async swarmOf(accountId: string): Promise<Swarm> {
    await this.parts.source.renew(this.parts.rpc);
    return this.parts.swarms.of(userId(accountId), this.deadline());
  }

  /** Closes connections; requests under way fail. */
  async close(): Promise<void> {
    await this.http?.close();
  }

  private storeOne(account: Account, recipientId: string, content: ContentInit, sentMs: number): Promise<StoreReceipt> {
    const { random, primitives = noblePrimitives } = this.options;
    const encoded = encodeMessage({ content, sender: account, recipientId, sentMs, random, primitives });
    const { bytes: data, base64, ttlMs } = encoded;
    return this.parts.store.store({ recipientId, data, base64, ttlMs });
  }

  private deadline(): Deadline {
    return new Deadline(() => this.options.clock.monotonicMs(), SWARM_DEADLINE_MS);
  }
}

/** A note to self says whose conversation it belongs to, like any copy for own devices. */
function contentOf(message: string | ContentInit, displayName: string | undefined, ownId: string | null): ContentInit {
  if (message === '') throw new EmptyMessage();
  const content = typeof message === 'string' ? textContent(message, displayName) : message;
  return (ownId === null ? null : syncCopyOf(content, ownId)) ?? content;
}

function userId(text: string): string {
  const id = text.trim().toLowerCase();
  if (!USER_ID_PATTERN.test(id)) throw new InvalidRecipient();
  return id;
}
