const DAY_MS = 86_400_000;

/** docs/protocol/storage-rpc.md §6 */
const MAX_TTL_INBOX_MS = 14 * DAY_MS;
const MAX_TTL_MS = 30 * DAY_MS;

/** Closed groups of old clients read this inbox without any key. */
const LEGACY_CLOSED_GROUP = -10;

export const NAMESPACE_MIN = -32_768;
export const NAMESPACE_MAX = 32_767;

/** What a namespace number says about who may do what in it. */
export interface NamespaceKind {
  /** Anyone may deposit. */
  readonly inbox: boolean;
  /** Anyone may read; a store replaces what is there. */
  readonly outbox: boolean;
  /** Revoked subaccounts may still read. */
  readonly unrevocable: boolean;
  readonly storeNeedsAuth: boolean;
  readonly retrieveNeedsAuth: boolean;
  /** Longest expiry after the message's timestamp that a store may ask for. */
  readonly maxTtlMs: number;
}

/** Pure arithmetic on a 16-bit number: docs/protocol/storage-rpc.md §4. */
export function namespaceKind(namespace: number): NamespaceKind {
  const inbox = namespace % 10 === 0;
  const outbox = namespace < 0 && -namespace % 20 === 1;
  return {
    inbox,
    outbox,
    unrevocable: namespace < 0 && -namespace % 100 === 11,
    storeNeedsAuth: !inbox,
    retrieveNeedsAuth: !outbox && namespace !== LEGACY_CLOSED_GROUP,
    maxTtlMs: inbox ? MAX_TTL_INBOX_MS : MAX_TTL_MS,
  };
}

/** How a namespace appears in signed texts and in message hashes: the default namespace is not written. */
export const namespaceText = (namespace: number): string => (namespace === 0 ? '' : namespace.toString());
