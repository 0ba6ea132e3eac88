import type { StoredKey, StoredKind } from '#platform';
import { Problem } from '../problems.js';

/** What a backup is made of, in this order: a manifest, files, then groups of keys, each begun by its names; the counts. */
export type BackupRecord =
  | { readonly kind: 'manifest'; readonly madeMs: number; readonly program: string }
  | { readonly kind: 'file'; readonly name: string; readonly bytes: Buffer }
  /** What is under these names is removed before their new content comes. */
  | { readonly kind: 'group'; readonly names: readonly string[] }
  | { readonly kind: 'key'; readonly key: StoredKey }
  | { readonly kind: 'end'; readonly files: number; readonly groups: number; readonly keys: number };

/** Large enough that a message fits many times, small enough to count for nothing in memory. */
const PIECE_BYTES = 512 * 1_024;
/** A piece ends with the item that fills it. No item of ours is near this; more would be a fault. */
const MAX_RECORD_BYTES = 64 * 1_024 * 1_024 + 2 * PIECE_BYTES;
const HEAD_BYTES = 8;

/** The parts of a key that go one after the other: a mailbox may be larger than what should be in memory. */
export function* piecesOf(key: StoredKey): Generator<StoredKey> {
  const step = key.kind === 'string' ? 1 : 2;
  let from = 0;
  let bytes = 0;
  for (let at = 0; at < key.items.length; at += step) {
    for (const item of key.items.slice(at, at + step)) bytes += item.length;
    if (bytes < PIECE_BYTES && at + step < key.items.length) continue;
    yield { ...key, items: key.items.slice(from, at + step) };
    from = at + step;
    bytes = 0;
  }
}

/** Layout: lengths of head and body u32 BE, head (JSON), body. Of a key the body holds its items, each after its length u32 BE. */
export function encodeRecord(record: BackupRecord): Buffer {
  const { head, body } = partsOf(record);
  const headBytes = Buffer.from(JSON.stringify(head));
  const lengths = Buffer.alloc(HEAD_BYTES);
  lengths.writeUInt32BE(headBytes.length, 0);
  lengths.writeUInt32BE(body.length, HEAD_BYTES / 2);
  return Buffer.concat([lengths, headBytes, body]);
}

/** Puts records together again from parts of any length. Throws Problem where they make none: another program wrote them. */
export async function* decodeRecords(parts: AsyncIterable<Buffer>): AsyncGenerator<BackupRecord> {
  let waiting = Buffer.alloc(0);
  for await (const part of parts) {
    waiting = Buffer.concat([waiting, part]);
    for (let bytes = wholeRecord(waiting); bytes !== null; bytes = wholeRecord(waiting)) {
      yield readRecord(waiting.subarray(0, bytes));
      waiting = waiting.subarray(bytes);
    }
  }
  if (waiting.length > 0) throw unreadable();
}

/** How many bytes the first record has; null while they are not all there. */
function wholeRecord(waiting: Buffer): number | null {
  if (waiting.length < HEAD_BYTES) return null;
  const bytes = HEAD_BYTES + waiting.readUInt32BE(0) + waiting.readUInt32BE(HEAD_BYTES / 2);
  if (bytes > MAX_RECORD_BYTES) throw unreadable();
  return waiting.length < bytes ? null : bytes;
}

function partsOf(record: BackupRecord): { head: object; body: Buffer } {
  switch (record.kind) {
    case 'file': {
      const { bytes, ...head } = record;
      return { head, body: bytes };
    }
    case 'key': {
      const { name, kind: of, expiresAtMs, items } = record.key;
      return { head: { kind: 'key', name, of, expiresAtMs }, body: encodeItems(items) };
    }
    default:
      return { head: record, body: Buffer.alloc(0) };
  }
}

function readRecord(bytes: Buffer): BackupRecord {
  const bodyAt = HEAD_BYTES + bytes.readUInt32BE(0);
  const head = JSON.parse(bytes.subarray(HEAD_BYTES, bodyAt).toString('utf8')) as Record<string, unknown>;
  const body = bytes.subarray(bodyAt);
  switch (head.kind) {
    case 'manifest':
    case 'group':
    case 'end':
      return head as unknown as BackupRecord;
    case 'file':
      return { kind: 'file', name: String(head.name), bytes: body };
    case 'key': {
      const { name, of, expiresAtMs } = head as { name: string; of: StoredKind; expiresAtMs: number | null };
      return { kind: 'key', key: { name, kind: of, expiresAtMs, items: decodeItems(body) } };
    }
    default:
      throw unreadable();
  }
}

function encodeItems(items: readonly Buffer[]): Buffer {
  return Buffer.concat(
    items.flatMap((item) => {
      const length = Buffer.alloc(HEAD_BYTES / 2);
      length.writeUInt32BE(item.length);
      return [length, item];
    }),
  );
}

function decodeItems(body: Buffer): Buffer[] {
  const items: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const start = at + HEAD_BYTES / 2;
    at = start + body.readUInt32BE(at);
    items.push(body.subarray(start, at));
  }
  return items;
}

const unreadable = (): Problem =>
  new Problem('The backup holds what this version does not know: use the version that made it.');
