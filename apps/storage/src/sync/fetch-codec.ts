import {
  AccountId,
  bdecode,
  bencode,
  InvalidBencode,
  InvalidRequest,
  NAMESPACE_MAX,
  NAMESPACE_MIN,
  type BValue,
} from '#protocol';
import { hashToBytes, hashToText } from '../mailbox/message-record.js';
import type { HeldMessage } from '../mailbox/mailboxes.js';

/** In one question; more are asked for in the next. */
const MAX_FETCHED = 64;
/** Of an answer: half of what a body may have, so that framing never matters. docs/protocol/peer.md §3.4 */
export const MAX_FETCHED_BYTES = 4_194_304;

const HASH_BYTES = 32;
/** Values in a question: account, hashes, and the lists around them. */
const MAX_QUESTION_VALUES = MAX_FETCHED + 8;
/** Five for each message, and the list. */
const MAX_ANSWER_VALUES = MAX_FETCHED * 6 + 2;

export interface FetchQuestion {
  readonly account: AccountId;
  readonly hashes: readonly string[];
}

export const encodeFetchQuestion = ({ account, hashes }: FetchQuestion): Uint8Array =>
  bencode({ account: account.bytes, hashes: hashes.flatMap((hash) => hashToBytes(hash) ?? []) });

/** Throws InvalidRequest. */
export function decodeFetchQuestion(params: Uint8Array): FetchQuestion {
  const dict = decoded(params, MAX_QUESTION_VALUES);
  const bytes = dict instanceof Map ? dict.get('account') : undefined;
  const hashes = dict instanceof Map ? dict.get('hashes') : undefined;
  const account = bytes instanceof Uint8Array ? AccountId.read(bytes) : null;
  const isList = Array.isArray(hashes) && hashes.length <= MAX_FETCHED;
  if (account === null || !isList || !hashes.every(isHash)) throw new InvalidRequest('unreadable question');
  return { account, hashes: hashes.map((hash) => hashToText(Buffer.from(hash))) };
}

export const encodeFetched = (messages: readonly HeldMessage[]): Parameters<typeof bencode>[0] =>
  messages.map(({ data, expiryMs, namespace, timestampMs }) => ({
    data,
    expiry: expiryMs,
    namespace,
    timestamp: timestampMs,
  }));

/** What a member sent, not judged yet; the hash is for the reader to compute. */
export type Fetched = Omit<HeldMessage, 'hash'>;

/** Null for what is no answer. */
export function decodeFetched(body: Uint8Array): Fetched[] | null {
  let list: BValue | null;
  try {
    list = decoded(body, MAX_ANSWER_VALUES);
  } catch (cause) {
    if (cause instanceof InvalidRequest) return null;
    throw cause;
  }
  if (!Array.isArray(list)) return null;
  const messages = list.map(messageOf);
  return messages.every((message) => message !== null) ? messages : null;
}

function messageOf(value: BValue): Fetched | null {
  if (!(value instanceof Map)) return null;
  const [data, expiryMs, namespace, timestampMs] = ['data', 'expiry', 'namespace', 'timestamp'].map((name) =>
    value.get(name),
  );
  if (!(data instanceof Uint8Array)) return null;
  if (typeof expiryMs !== 'number' || typeof namespace !== 'number' || typeof timestampMs !== 'number') return null;
  if (namespace < NAMESPACE_MIN || namespace > NAMESPACE_MAX || timestampMs < 0) return null;
  return { data: Buffer.from(data), expiryMs, namespace, timestampMs };
}

const isHash = (value: BValue): value is Uint8Array => value instanceof Uint8Array && value.length === HASH_BYTES;

function decoded(bytes: Uint8Array, maxValues: number): BValue {
  try {
    return bdecode(bytes, maxValues);
  } catch (cause) {
    if (cause instanceof InvalidBencode) throw new InvalidRequest('unreadable bencode');
    throw cause;
  }
}
