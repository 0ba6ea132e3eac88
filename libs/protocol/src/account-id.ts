import { InvalidRequest } from './errors.js';
import { bytesToHex, hexToBytes, utf8 } from './hex.js';
import { TEXTS } from './texts.js';

/** Prefix of a Session id: the key bytes are X25519, so requests name the Ed25519 key beside it. */
export const SESSION_ID_PREFIX = 0x05;

const ACCOUNT_BYTES = 33;
const HEX_CHARS = 66;
const decoder = new TextDecoder('latin1');

/** Who a mailbox belongs to: one prefix byte (05 user, 03 group, others free), then a 32-byte public key. */
export class AccountId {
  readonly #bytes: Uint8Array;
  #hex: string | null = null;

  private constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Reads 66 hex digits in either case or the 33 bytes themselves (docs/protocol/storage-rpc.md §1.7). Throws BadRequest. */
  static parse(input: string | Uint8Array): AccountId {
    const account = AccountId.read(input);
    if (account === null) throw new InvalidRequest(TEXTS.parse.pubkey);
    return account;
  }

  /** As parse, for callers with words of their own: null for what is no account. */
  static read(input: string | Uint8Array): AccountId | null {
    const raw = typeof input === 'string' && input.length !== HEX_CHARS ? utf8(input) : input;
    if (typeof raw !== 'string' && raw.length === ACCOUNT_BYTES) return new AccountId(new Uint8Array(raw));
    if (raw.length !== HEX_CHARS) return null;
    const bytes = hexToBytes(typeof raw === 'string' ? raw : decoder.decode(raw));
    return bytes === null ? null : new AccountId(bytes);
  }

  get prefix(): number {
    return this.#bytes[0] ?? 0;
  }

  /** The 32 bytes after the prefix. */
  get key(): Uint8Array {
    return this.#bytes.subarray(1);
  }

  /** All 33 bytes. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** 66 lower-case digits. */
  get hex(): string {
    this.#hex ??= bytesToHex(this.#bytes);
    return this.#hex;
  }

  /** Printing an account by accident shows nothing that identifies it. */
  toString(): string {
    return 'account';
  }

  toJSON(): string {
    return 'account';
  }
}
