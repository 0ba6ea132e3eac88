import { decodeBase64, encodeBase64 } from '../base64.js';
import { bytesToHex, concatBytes, hexToBytes, utf8 } from '../hex.js';
import { stringifyJson, type JsonValue } from '../json.js';
import type { Ed25519KeyPair, Primitives } from '../primitives.js';
import { arrayOf, hex64Of, objectOf, onlyMembers, readObject, textOf } from './list-fields.js';
import { ListRefused } from './list-refused.js';
import { MAX_LIST_CHARS, parseNetworkList, type NetworkList } from './network-list.js';

export interface ListSignature {
  /** The administrator's Ed25519 key, 64 lower-case hex digits. */
  readonly admin: string;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

/** The file of a list: its exact text and who signed that. Nothing in it has been checked. */
export interface SignedList {
  readonly listText: string;
  readonly signatures: readonly ListSignature[];
}

/** Whose word a node takes. */
export interface ListTrust {
  readonly network: string;
  /** Ed25519 keys, 64 lower-case hex digits each. */
  readonly admins: readonly string[];
  /** How many of them have to sign. */
  readonly required: number;
}

/** Keeps a list signature from being valid for anything else that these keys ever sign. */
const SIGNED_PREFIX = utf8('starling-network-list-v1\n');
const SIGNATURE_BYTES = 64;
/** More than any board of administrators; a bound on the signatures a node checks. */
const MAX_SIGNATURES = 64;
/** Escaping at most doubles the text of a list; the rest is for the signatures. */
const MAX_FILE_SIZE = 2 * MAX_LIST_CHARS + 64 * 1024;

/** Reads the file of a list. Throws ListRefused. */
export function parseSignedList(file: string | Uint8Array): SignedList {
  if (file.length > MAX_FILE_SIZE) throw new ListRefused(`The list file is larger than ${MAX_FILE_SIZE} bytes.`);
  const outer = readObject(file, 'The list file');
  onlyMembers(outer, ['list', 'signatures'], 'The list file');
  return {
    listText: textOf(outer.list, 'list'),
    signatures: arrayOf(outer.signatures, MAX_SIGNATURES, 'signatures').map(readSignature),
  };
}

/** The file of a list, compact JSON. */
export function encodeSignedList({ listText, signatures }: SignedList): string {
  return stringifyJson({
    list: listText,
    signatures: signatures.map(({ admin, signature }) => ({ admin, signature: encodeBase64(signature) })),
  });
}

/** An administrator's signature of a list. */
export function signNetworkList(p: Primitives, listText: string, key: Ed25519KeyPair): ListSignature {
  return { admin: bytesToHex(key.publicKey), signature: p.ed25519Sign(signedBytes(listText), key) };
}

/**
 * The list, when enough administrators signed it and it is for this network. A signature that is bad, double or of a
 * stranger refuses the list whatever the others are: whoever handed it over has altered it. Throws ListRefused.
 */
export function verifySignedList(p: Primitives, signed: SignedList, trust: ListTrust): NetworkList {
  const { listText, signatures } = signed;
  const message = signedBytes(listText);
  const seen = new Set<string>();
  for (const { admin, signature } of signatures) {
    const key = trust.admins.includes(admin) ? hexToBytes(admin) : null;
    if (key === null)
      throw new ListRefused(`The list is signed by ${admin}, who is not an administrator of this network.`);
    if (seen.has(admin)) throw new ListRefused(`Administrator ${admin} signed the list twice.`);
    if (signature.length !== SIGNATURE_BYTES || !p.ed25519Verify(signature, message, key)) {
      throw new ListRefused(`The signature of administrator ${admin} does not belong to this list.`);
    }
    seen.add(admin);
  }
  if (seen.size < Math.max(trust.required, 1)) {
    throw new ListRefused(
      `The list has ${seen.size} of the ${Math.max(trust.required, 1)} signatures that are required.`,
    );
  }
  const list = parseNetworkList(p, listText);
  if (list.network !== trust.network) {
    throw new ListRefused(`The list is for the network "${list.network}", this node belongs to "${trust.network}".`);
  }
  return list;
}

const signedBytes = (listText: string): Uint8Array => concatBytes(SIGNED_PREFIX, utf8(listText));

function readSignature(value: JsonValue, index: number): ListSignature {
  const at = `signatures[${index}]`;
  const entry = objectOf(value, at);
  onlyMembers(entry, ['admin', 'signature'], at);
  const text = textOf(entry.signature, `${at}.signature`);
  const signature = decodeBase64(text);
  // One spelling only: a file that differs in a single byte must not be taken for another signed one.
  if (signature?.length !== SIGNATURE_BYTES || encodeBase64(signature) !== text) {
    throw new ListRefused(`${at}.signature must be 64 bytes in base64.`);
  }
  return { admin: hex64Of(entry.admin, `${at}.admin`), signature };
}
