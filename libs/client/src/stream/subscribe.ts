import { AccountId, bdecode, bencode, InvalidBencode, noblePrimitives, signingText, type Primitives } from '#protocol';
import type { Account } from '../account/account.js';
import type { StreamConnection } from './stream-connection.js';
import { SubscriptionRefused } from './stream-errors.js';

export interface SubscribeOptions {
  /** Ascending. */
  readonly namespaces: readonly number[];
  readonly wantsData?: boolean;
  /** Epoch milliseconds, by the network's clock. */
  readonly nowMs: number;
  /** Default: the portable ones, which are correct and slow. */
  readonly primitives?: Primitives;
}

const decoder = new TextDecoder();

/**
 * Asks a member of the account's swarm to tell of new messages for 65 minutes. docs/protocol/storage-rpc.md §10
 * Throws SubscriptionRefused, and what a request on the stream may throw.
 */
export async function subscribe(stream: StreamConnection, account: Account, options: SubscribeOptions): Promise<void> {
  const { namespaces, wantsData = false, nowMs, primitives = noblePrimitives } = options;
  const t = Math.floor(nowMs / 1_000);
  const signed = signingText.monitor(AccountId.parse(account.id).hex, t, wantsData, namespaces);
  const s = primitives.ed25519Sign(signed, account.ed25519);
  const wish = { P: account.ed25519.publicKey, d: wantsData, n: namespaces, s, t };
  const [answer = new Uint8Array(), words] = await stream.request('monitor.messages', bencode(wish));
  if (words !== undefined) throw new SubscriptionRefused(0, decoder.decode(words));
  const outcome = dictIn(answer);
  if (outcome.get('success') === 1) return;
  const error = outcome.get('error');
  const reason = error instanceof Uint8Array ? decoder.decode(error) : 'its answer cannot be read';
  throw new SubscriptionRefused(Number(outcome.get('errcode') ?? 0), reason);
}

function dictIn(bytes: Uint8Array): ReadonlyMap<string, unknown> {
  try {
    const value = bdecode(bytes);
    return value instanceof Map ? value : new Map();
  } catch (cause) {
    if (cause instanceof InvalidBencode) return new Map();
    throw cause;
  }
}
