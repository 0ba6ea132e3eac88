import { AccountId, bytesToHex, decodeBase64, encodeBase64, isJsonObject, messageHash, utf8 } from '#protocol';
import type { JsonValue, Primitives } from '#protocol';
import type { Account } from '../account/account.js';
import type { NetworkClock } from './clock.js';
import type { Deadline } from './deadline.js';
import { DestinationFailed } from './network-errors.js';
import type { NodeRpc } from './node-rpc.js';
import type { PollLedger } from './poll-ledger.js';
import { nameOf } from './service-node.js';
import type { ServiceNode } from './service-node.js';
import type { TraceObserver } from './trace.js';

/** One stored message, as a node handed it out. Times are epoch milliseconds. */
export interface StoredMessage {
  readonly hash: string;
  readonly data: Uint8Array;
  readonly storedMs: number;
  readonly expiresMs: number;
}

const NAMESPACE = 0;
/** All of a node's limit, since only one namespace is asked for: docs/protocol/client-messages.md §3.1. */
const MAX_SIZE = -1;
/** 7.8 MB each; a node that never ends must not hold a poll for ever. */
const MAX_PAGES = 10;
const HASH_PATTERN = /^[A-Za-z0-9+/]{43}$/;

interface Page {
  readonly messages: readonly StoredMessage[];
  readonly more: boolean;
}

export interface MailboxOptions {
  readonly primitives: Primitives;
  readonly monotonicMs: () => number;
  readonly trace: TraceObserver;
}

/** Reads the messages of an account from one node. docs/protocol/client-messages.md §3.1, §3.2 */
export class Mailbox {
  constructor(
    private readonly rpc: NodeRpc,
    private readonly clock: NetworkClock,
    private readonly options: MailboxOptions,
  ) {}

  /** Everything after the node's cursor in the ledger, which moves on. Throws what NodeRpc throws. */
  async read(account: Account, node: ServiceNode, ledger: PollLedger, deadline: Deadline): Promise<StoredMessage[]> {
    const startMs = this.options.monotonicMs();
    const messages: StoredMessage[] = [];
    let lastHash = ledger.lastHash(node.ed25519, NAMESPACE);
    for (let page = 0; page < MAX_PAGES; page++) {
      const answer = await this.page(account, node, lastHash, deadline).catch((cause: unknown) => {
        if (page === 0) throw cause;
        return null; // what earlier pages gave is not lost; the next poll goes on from there
      });
      if (!answer) break;
      messages.push(...answer.messages.filter((message) => this.isGenuine(account, message)));
      const last = answer.messages.at(-1);
      if (last) ledger.advance(node.ed25519, NAMESPACE, last.hash, last.expiresMs);
      if (!answer.more || !last || last.hash === lastHash) break;
      lastHash = last.hash;
    }
    const ms = this.options.monotonicMs() - startMs;
    this.options.trace({ kind: 'polled', node: nameOf(node), messages: messages.length, ms });
    return messages;
  }

  private async page(account: Account, destination: ServiceNode, lastHash: string, deadline: Deadline): Promise<Page> {
    const { primitives } = this.options;
    const timestamp = this.clock.now();
    // Namespace 0 is written as nothing: docs/protocol/storage-rpc.md §3.2.
    const signature = primitives.ed25519Sign(utf8(`retrieve${timestamp}`), account.ed25519);
    const params = {
      pubkey: account.id,
      pubkey_ed25519: bytesToHex(account.ed25519.publicKey),
      namespace: NAMESPACE,
      last_hash: lastHash,
      timestamp,
      signature: encodeBase64(signature),
      max_size: MAX_SIZE,
    };
    const requests = [{ method: 'retrieve' as const, params }];
    const [body] = await this.rpc.call({ destination, kind: 'batch', requests, deadline });
    if (!Array.isArray(body?.messages)) {
      throw new DestinationFailed(destination.ed25519, 'its answer to a retrieve has another shape');
    }
    // One malformed entry must not cost the others.
    const messages = (body.messages as JsonValue[]).map(readMessage).filter((message) => message !== null);
    return { messages, more: body.more === true };
  }

  /** A hash binds account, namespace and data: a node cannot hide a message behind the hash of another one. */
  private isGenuine(account: Account, { hash, data }: StoredMessage): boolean {
    return messageHash(this.options.primitives, AccountId.parse(account.id), NAMESPACE, data) === hash;
  }
}

function readMessage(value: JsonValue): StoredMessage | null {
  if (!isJsonObject(value)) return null;
  const { hash, data: base64, timestamp, expiration } = value;
  if (typeof hash !== 'string' || !HASH_PATTERN.test(hash)) return null;
  const data = typeof base64 === 'string' ? decodeBase64(base64) : null;
  if (!data || typeof timestamp !== 'number' || typeof expiration !== 'number') return null;
  return { hash, data, storedMs: timestamp, expiresMs: expiration };
}
