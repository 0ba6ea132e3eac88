import { concatBytes, utf8 } from './hex.js';
import { namespaceText } from './namespaces.js';

/** One namespace or every one of the account. */
export type NamespaceScope = number | 'all';

const scopeText = (scope: NamespaceScope): string => (scope === 'all' ? 'all' : namespaceText(scope));

/**
 * The bytes that a request's signature covers: docs/protocol/storage-rpc.md §3.2. Nothing separates the pieces, and
 * namespace 0 is never written. Times are milliseconds, hashes and tokens come in the order of the request.
 */
export const signingText = {
  store: (namespace: number, signedAtMs: number) => utf8(`store${namespaceText(namespace)}${signedAtMs}`),
  retrieve: (namespace: number, timestampMs: number) => utf8(`retrieve${namespaceText(namespace)}${timestampMs}`),
  delete: (messages: readonly string[]) => utf8(`delete${messages.join('')}`),
  deleteAll: (scope: NamespaceScope, timestampMs: number) => utf8(`delete_all${scopeText(scope)}${timestampMs}`),
  deleteBefore: (scope: NamespaceScope, beforeMs: number) => utf8(`delete_before${scopeText(scope)}${beforeMs}`),
  expireAll: (scope: NamespaceScope, expiryMs: number) => utf8(`expire_all${scopeText(scope)}${expiryMs}`),
  expire: (mode: 'shorten' | 'extend' | '', expiriesMs: readonly number[], messages: readonly string[]) =>
    utf8(`expire${mode}${expiriesMs.join('')}${messages.join('')}`),
  getExpiries: (timestampMs: number, messages: readonly string[]) =>
    utf8(`get_expiries${timestampMs}${messages.join('')}`),
  revokeSubaccount: (timestampMs: number, tokens: readonly Uint8Array[]) =>
    concatBytes(utf8(`revoke_subaccount${timestampMs}`), ...tokens),
  unrevokeSubaccount: (timestampMs: number, tokens: readonly Uint8Array[]) =>
    concatBytes(utf8(`unrevoke_subaccount${timestampMs}`), ...tokens),
  /** Time in seconds; namespace 0 is written here. docs/protocol/storage-rpc.md §10.2 */
  monitor: (accountHex: string, atS: number, wantsData: boolean, namespaces: readonly number[]) =>
    utf8(`MONITOR${accountHex}${atS}${wantsData ? 1 : 0}${namespaces.join(',')}`),
} as const;
