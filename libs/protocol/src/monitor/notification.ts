import { bdecode, bencode, InvalidBencode } from '../bencode.js';

/** What a subscriber hears of a new message. */
export interface Notification {
  /** 33 bytes. */
  readonly account: Uint8Array;
  readonly namespace: number;
  /** 43 characters. */
  readonly hash: string;
  readonly timestampMs: number;
  readonly expiryMs: number;
  /** Null when it was not asked for. */
  readonly data: Uint8Array | null;
}

const decoder = new TextDecoder();

/** docs/protocol/storage-rpc.md §10.4 */
export function encodeNotification(message: Notification): Uint8Array {
  const { account, hash, namespace, timestampMs, expiryMs, data } = message;
  return bencode({ '@': account, h: hash, n: namespace, t: timestampMs, z: expiryMs, '~': data ?? undefined });
}

/** Client side. Null for what is no notification. */
export function parseNotification(bytes: Uint8Array): Notification | null {
  const dict = dictIn(bytes);
  const [account, hash, data] = ['@', 'h', '~'].map((name) => dict?.get(name));
  const [namespace, timestampMs, expiryMs] = ['n', 't', 'z'].map((name) => dict?.get(name));
  const isWhole = account instanceof Uint8Array && hash instanceof Uint8Array && typeof namespace === 'number';
  if (!isWhole || typeof timestampMs !== 'number' || typeof expiryMs !== 'number') return null;
  if (data !== undefined && !(data instanceof Uint8Array)) return null;
  return { account, namespace, hash: decoder.decode(hash), timestampMs, expiryMs, data: data ?? null };
}

function dictIn(bytes: Uint8Array): ReadonlyMap<string, unknown> | null {
  try {
    const value = bdecode(bytes);
    return value instanceof Map ? value : null;
  } catch (cause) {
    if (cause instanceof InvalidBencode) return null;
    throw cause;
  }
}
