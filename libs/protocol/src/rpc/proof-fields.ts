import { SESSION_ID_PREFIX, type AccountId } from '../account-id.js';
import { InvalidRequest } from '../errors.js';
import { hexToBytes } from '../hex.js';
import type { RequestProof } from '../request-proof.js';
import { SUBACCOUNT_TOKEN_BYTES, type Subaccount } from '../subaccount.js';
import { TEXTS } from '../texts.js';
import { STRING } from './field-types.js';
import type { FieldValues } from './params.js';
import { binaryOf, rawBytesOf, textOf, type WireString } from './wire-string.js';

/** What every signed request brings besides its account. */
export const PROOF_FIELDS = {
  pubkey_ed25519: STRING,
  signature: STRING,
  subaccount: STRING,
  subaccount_sig: STRING,
} as const;

const KEY_BYTES = 32;
const KEY_HEX_CHARS = 64;
const SIGNATURE_BYTES = 64;
const TOKEN_HEX_CHARS = 72;

/** Reads the proof in the order of docs/protocol/storage-rpc.md §2. Throws InvalidRequest. */
export function readProof(account: AccountId, fields: FieldValues<typeof PROOF_FIELDS>): RequestProof {
  if (fields.signature === null) throw new InvalidRequest(TEXTS.field.missing('signature'));
  const ed25519 = fields.pubkey_ed25519 === null ? null : readEd25519(account, fields.pubkey_ed25519);
  const signature = readSignature(fields.signature, TEXTS.parse.signatureJson);
  const subaccount = readSubaccount(fields.subaccount, fields.subaccount_sig);
  return { signature, ed25519, subaccount };
}

function readEd25519(account: AccountId, value: WireString): Uint8Array {
  if (account.prefix !== SESSION_ID_PREFIX) throw new InvalidRequest(TEXTS.parse.ed25519Only05);
  const raw = rawBytesOf(value);
  if (raw.length === KEY_BYTES) return raw;
  if (raw.length !== KEY_HEX_CHARS) throw new InvalidRequest(TEXTS.parse.ed25519Length);
  const key = hexToBytes(textOf(value));
  if (key === null) throw new InvalidRequest(TEXTS.parse.ed25519NotHex);
  return key;
}

/** 64 bytes; as base64 they are 86 characters, or 88 with padding. */
function readSignature(value: WireString, badJson: string): Uint8Array {
  const signature = binaryOf(value);
  if (signature?.length === SIGNATURE_BYTES) return signature;
  throw new InvalidRequest(typeof value === 'string' ? badJson : TEXTS.parse.signatureBt);
}

/** An empty token counts as none, and the signature of a token that is not there as nothing. */
function readSubaccount(token: WireString | null, signature: WireString | null): Subaccount | null {
  if (token === null || token.length === 0) return null;
  if (signature === null) throw new InvalidRequest(TEXTS.parse.subaccountNeedsSignature);
  return { token: readToken(token), signature: readSignature(signature, TEXTS.parse.subaccountSignatureJson) };
}

function readToken(value: WireString): Uint8Array {
  const token = tokenOf(value);
  if (token !== null) return token;
  throw new InvalidRequest(typeof value === 'string' ? TEXTS.parse.subaccountJson : TEXTS.parse.subaccountBt);
}

/** The 36 bytes of a token: hex or base64 in JSON, raw in bencode; null for anything else. */
export function tokenOf(value: WireString): Uint8Array | null {
  const isHex = typeof value === 'string' && value.length === TOKEN_HEX_CHARS;
  const token = isHex ? hexToBytes(value) : binaryOf(value);
  return token?.length === SUBACCOUNT_TOKEN_BYTES ? token : null;
}
