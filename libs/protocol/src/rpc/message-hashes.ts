import { decodeBase64 } from '../base64.js';
import { InvalidRequest } from '../errors.js';
import { MESSAGE_HASH_CHARS } from '../message-hash.js';
import { TEXTS } from '../texts.js';
import { textOf, type WireString } from './wire-string.js';

/** No client comes near; the reference fails above about 32,700 (docs/protocol/storage-rpc.md §17.5). */
const MAX_HASHES = 4_096;

/** Text that could be a message hash; two spellings of the same bytes are two hashes. */
const isMessageHash = (text: string): boolean => text.length === MESSAGE_HASH_CHARS && decodeBase64(text) !== null;

/** Throws InvalidRequest unless there is at least one, and not more than any client sends. */
export function requireMessageNames(values: readonly WireString[] | null): readonly string[] {
  if (values === null) throw new InvalidRequest(TEXTS.field.missing('messages'));
  if (values.length === 0) throw new InvalidRequest(TEXTS.parse.noMessages);
  if (values.length > MAX_HASHES) throw new InvalidRequest(TEXTS.parse.tooManyMessages(MAX_HASHES));
  return values.map(textOf);
}

/** Throws InvalidRequest unless there is at least one and every one is well formed. */
export function requireMessageHashes(values: readonly WireString[] | null): readonly string[] {
  const hashes = requireMessageNames(values);
  const bad = hashes.find((hash) => !isMessageHash(hash));
  if (bad !== undefined) throw new InvalidRequest(TEXTS.parse.badMessageHash(bad));
  return hashes;
}
