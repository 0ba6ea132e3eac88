import { AccountId, SESSION_ID_PREFIX } from '../account-id.js';
import type { BValue } from '../bencode.js';
import { concatBytes } from '../hex.js';
import { NAMESPACE_MAX, NAMESPACE_MIN } from '../namespaces.js';
import type { Primitives } from '../primitives.js';
import { integerOf } from '../rpc/integer.js';
import type { RequestProof } from '../request-proof.js';
import { SUBACCOUNT_TOKEN_BYTES, type Subaccount } from '../subaccount.js';
import { TEXTS } from '../texts.js';
import { badArguments, MONITOR_ERRORS, MonitorRefusal } from './monitor-refusal.js';

type Dict = ReadonlyMap<string, BValue>;

/** One subscription that is asked for. docs/protocol/storage-rpc.md §10.1 */
export interface MonitorRequest {
  readonly account: AccountId;
  /** Ascending, at least one. */
  readonly namespaces: readonly number[];
  readonly wantsData: boolean;
  /** When it was signed, in seconds. */
  readonly signedAtS: number;
  readonly proof: RequestProof;
}

const KEY_BYTES = 32;
const ACCOUNT_BYTES = 33;
const SIGNATURE_BYTES = 64;

/** The keys in byte order, so that of several faults the first in this order is told. Throws MonitorRefusal. */
export function parseMonitorRequest(p: Primitives, dict: Dict): MonitorRequest {
  const { key, signature: signatureError } = MONITOR_ERRORS;
  const sessionKey = bytesIn(dict, 'P', KEY_BYTES, key, TEXTS.monitor.sessionKeySize);
  const subaccount = readSubaccount(dict);
  const wantsData = readFlag(dict.get('d'));
  const namespaces = readNamespaces(dict.get('n'));
  const pubkey = bytesIn(dict, 'p', ACCOUNT_BYTES, key, TEXTS.monitor.pubkeySize);
  if (sessionKey !== null && pubkey !== null) throw badArguments(TEXTS.monitor.bothKeys);
  if (sessionKey === null && pubkey === null) throw badArguments(TEXTS.monitor.noKey);
  const signature = bytesIn(dict, 's', SIGNATURE_BYTES, signatureError, TEXTS.monitor.signatureSize);
  if (signature === null) throw new MonitorRefusal(signatureError, TEXTS.monitor.signatureSize);
  const signedAtS = integerOf(dict.get('t'));
  if (signedAtS === null) throw badArguments(TEXTS.monitor.noTime);
  return {
    account: AccountId.parse(pubkey ?? sessionId(p, sessionKey ?? new Uint8Array())),
    namespaces,
    wantsData,
    signedAtS,
    proof: { signature, ed25519: sessionKey, subaccount },
  };
}

/** Null when it is absent. */
function bytesIn(dict: Dict, name: string, bytes: number, code: 2 | 5, text: string): Uint8Array | null {
  const value = dict.get(name);
  if (value === undefined) return null;
  if (value instanceof Uint8Array && value.length === bytes) return value;
  throw new MonitorRefusal(code, text);
}

function readSubaccount(dict: Dict): Subaccount | null {
  const { key } = MONITOR_ERRORS;
  const signature = bytesIn(dict, 'S', SIGNATURE_BYTES, key, TEXTS.monitor.tokenSignatureSize);
  const token = bytesIn(dict, 'T', SUBACCOUNT_TOKEN_BYTES, key, TEXTS.monitor.tokenSize);
  if (signature === null && token === null) return null;
  if (signature === null || token === null) throw badArguments(TEXTS.monitor.halfToken);
  return { signature, token };
}

function readFlag(value: BValue | undefined): boolean {
  if (value === undefined || value === 0) return false;
  if (value !== 1) throw badArguments(TEXTS.monitor.badFlag);
  return true;
}

function readNamespaces(value: BValue | undefined): readonly number[] {
  const namespaces = Array.isArray(value) ? value : [];
  if (namespaces.length === 0) throw badNamespaces('at least one namespace must be given');
  const numbers = namespaces.map((namespace) => {
    if (typeof namespace === 'number' && namespace >= NAMESPACE_MIN && namespace <= NAMESPACE_MAX) return namespace;
    throw badNamespaces('namespaces must be 16-bit integers');
  });
  const isAscending = numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? number));
  if (!isAscending) throw badNamespaces('namespaces must be ascending');
  return numbers;
}

const badNamespaces = (why: string): MonitorRefusal =>
  new MonitorRefusal(MONITOR_ERRORS.namespaces, TEXTS.monitor.badNamespaces(why));

/** The account behind the Ed25519 key of a Session id. */
function sessionId(p: Primitives, ed25519: Uint8Array): Uint8Array {
  const converted = p.ed25519ToX25519(ed25519);
  if (converted === null) throw new MonitorRefusal(MONITOR_ERRORS.key, TEXTS.monitor.badSessionKey);
  return concatBytes(Uint8Array.of(SESSION_ID_PREFIX), converted);
}
