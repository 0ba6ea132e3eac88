import type { AccountId } from '../account-id.js';
import { ClockSkew, Forbidden, InvalidRequest, Unauthorized } from '../errors.js';
import { namespaceKind } from '../namespaces.js';
import type { Primitives } from '../primitives.js';
import { proofHolds, type Circumstances, type TimedProof } from '../request-proof.js';
import { signingText } from '../signing-text.js';
import { SUBACCOUNT_FLAGS } from '../subaccount.js';
import { TEXTS } from '../texts.js';
import { isWithin, TIME_WINDOWS } from '../time-windows.js';
import { ACCOUNT_FIELDS, eitherOf, requireOneAccount } from './account-field.js';
import { INTEGER_OR_TEXT, NAMESPACE, POSITIVE_OR_TEXT, STRING, TIMESTAMP } from './field-types.js';
import { readFields, type RpcParams } from './params.js';
import { PROOF_FIELDS, readProof } from './proof-fields.js';
import { binaryOf, type WireString } from './wire-string.js';

const MAX_DATA_BYTES = 76_800;
const MIN_TTL_MS = 10_000;

/** docs/protocol/storage-rpc.md §8.1 */
export interface StoreRequest {
  readonly method: 'store';
  readonly account: AccountId;
  readonly namespace: number;
  /** The client's time of the message, kept with it. */
  readonly timestampMs: number;
  readonly expiryMs: number;
  readonly data: Uint8Array;
  /** Null when the request is not signed. Signed or not, an inbox takes the message without looking. */
  readonly proof: TimedProof | null;
}

const FIELDS = {
  ...ACCOUNT_FIELDS,
  ...PROOF_FIELDS,
  data: STRING,
  expiry: TIMESTAMP,
  namespace: NAMESPACE,
  sig_timestamp: TIMESTAMP,
  timestamp: INTEGER_OR_TEXT,
  ttl: POSITIVE_OR_TEXT,
} as const;

/** Throws InvalidRequest. */
export function parseStore(params: RpcParams): StoreRequest {
  const fields = readFields(params, FIELDS);
  const timestampMs = fields.timestamp;
  if (timestampMs === null) throw new InvalidRequest(TEXTS.field.missing('timestamp'));
  const ttlExpiryMs = fields.ttl === null ? null : timestampMs + fields.ttl;
  const expiryMs = eitherOf('expiry', fields.expiry, 'ttl', ttlExpiryMs);
  if (expiryMs === null) throw new InvalidRequest(TEXTS.field.noExpiry);
  const account = requireOneAccount(fields);
  const signedAtMs = fields.sig_timestamp ?? timestampMs;
  const proof = fields.signature === null ? null : { ...readProof(account, fields), signedAtMs };
  const data = requireData(fields.data);
  return { method: 'store', account, namespace: fields.namespace ?? 0, timestampMs, expiryMs, data, proof };
}

function requireData(value: WireString | null): Uint8Array {
  if (value === null) throw new InvalidRequest(TEXTS.field.missing('data'));
  const data = binaryOf(value);
  if (data === null) throw new InvalidRequest(TEXTS.parse.dataNotBase64);
  if (data.length > MAX_DATA_BYTES) throw new InvalidRequest(TEXTS.parse.dataTooLong);
  return data;
}

/** Whether the lifetime is one that the namespace allows and fits our clock. Throws Forbidden or ClockSkew. */
export function checkStoreTimes({ namespace, timestampMs, expiryMs }: StoreRequest, nowMs: number): void {
  const ttlMs = expiryMs - timestampMs;
  if (ttlMs < MIN_TTL_MS || ttlMs > namespaceKind(namespace).maxTtlMs) throw new Forbidden(TEXTS.store.badTtl);
  const { storeClockMs } = TIME_WINDOWS;
  if (timestampMs > nowMs + storeClockMs || expiryMs < nowMs - storeClockMs) throw new ClockSkew(TEXTS.store.badClock);
}

/** Whether the sender may store here. Throws Unauthorized or ClockSkew. */
export function authorizeStore(p: Primitives, request: StoreRequest, { nowMs, revoked }: Circumstances): void {
  const { account, namespace, proof } = request;
  const kind = namespaceKind(namespace);
  if (!kind.storeNeedsAuth) return;
  if (proof === null) throw new Unauthorized(TEXTS.store.signatureRequired(namespace));
  if (!isWithin(proof.signedAtMs, nowMs, TIME_WINDOWS.signatureMs)) throw new ClockSkew(TEXTS.store.signatureTime);
  const signed = signingText.store(namespace, proof.signedAtMs);
  const { write, delete: remove } = SUBACCOUNT_FLAGS;
  const flags = kind.outbox ? write | remove : write; // a store to an outbox deletes what was there
  if (!proofHolds(p, proof, { account, signed, flags, revoked })) throw new Unauthorized(TEXTS.store.badSignature);
}
