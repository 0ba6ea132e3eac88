/** What little of DNS (RFC 1035) a resolver inside a pod needs: one question, answers of type A. */
export interface Question {
  readonly id: number;
  readonly name: string;
  readonly type: number;
  /** The bytes of the question, for the answer. */
  readonly bytes: Uint8Array;
}

export const TYPE_A = 1;
export const NO_ERROR = 0;
export const SERVER_FAILURE = 2;
export const NO_SUCH_NAME = 3;

const HEADER_BYTES = 12;
/** Type and class, behind the name. */
const TAIL_BYTES = 4;
/** A length from here on would be a pointer, and a question has none. */
const FIRST_POINTER = 0xc0;
/** An answer; ours is the last word; asking further is wanted and possible. */
const FLAGS = 0x8580;
/** The name of the question, which begins behind the header. */
const POINTER_TO_QUESTION = 0xc00c;
const CLASS_INTERNET = 1;
/** Addresses of pods change with each restart. */
const TTL_SECONDS = 0;
const ADDRESS_BYTES = 4;

/** Null for what is no question of one name. */
export function readQuestion(message: Buffer): Question | null {
  if (message.length < HEADER_BYTES || message.readUInt16BE(4) !== 1) return null;
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (;;) {
    const length = message[at];
    if (length === undefined || length >= FIRST_POINTER || at + 1 + length > message.length) return null;
    at += 1 + length;
    if (length === 0) break;
    labels.push(message.toString('latin1', at - length, at).toLowerCase());
  }
  if (at + TAIL_BYTES > message.length) return null;
  const bytes = message.subarray(HEADER_BYTES, at + TAIL_BYTES);
  return { id: message.readUInt16BE(0), name: labels.join('.'), type: message.readUInt16BE(at), bytes };
}

export function writeAnswer({ id, bytes }: Question, code: number, addresses: readonly string[]): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(FLAGS | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses.length, 6);
  return Buffer.concat([header, bytes, ...addresses.map(recordOf)]);
}

function recordOf(address: string): Buffer {
  const record = Buffer.alloc(HEADER_BYTES);
  record.writeUInt16BE(POINTER_TO_QUESTION, 0);
  record.writeUInt16BE(TYPE_A, 2);
  record.writeUInt16BE(CLASS_INTERNET, 4);
  record.writeUInt32BE(TTL_SECONDS, 6);
  record.writeUInt16BE(ADDRESS_BYTES, 10);
  return Buffer.concat([record, Buffer.from(address.split('.').map(Number))]);
}
