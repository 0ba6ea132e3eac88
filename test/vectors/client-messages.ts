import { readFileSync } from 'node:fs';

/** The typed contents of client-messages.json, see docs/protocol/client-messages.md §11. Bytes are hex text. */
export interface ClientMessageVectors {
  readonly time_ms: number;
  readonly word_list: {
    readonly size: number;
    readonly prefix_length: number;
    readonly sha256_of_words_joined_by_newline: string;
    readonly first: readonly string[];
    readonly last: readonly string[];
  };
  readonly mnemonics: readonly AccountVector[];
  readonly mnemonic_negative: readonly { name: string; mnemonic: string; error: string }[];
  readonly mnemonic_tolerant: readonly { name: string; mnemonic: string; entropy: string }[];
  readonly messages: readonly MessageVector[];
  readonly negative: readonly NegativeVector[];
  readonly config: readonly ConfigVector[];
  readonly config_merge: readonly ConfigMergeVector[];
  readonly group: readonly Readonly<Record<string, string>>[];
  readonly attachments: readonly AttachmentVector[];
}

export interface AccountVector {
  readonly name: string;
  readonly entropy: string;
  readonly mnemonic: string;
  readonly groups: readonly { bytes: string; x: number; indexes: readonly number[] }[];
  readonly checksum: { input: string; crc32: number; index: number };
  readonly seed32: string;
  readonly ed25519_public: string;
  readonly ed25519_secret64: string;
  readonly x25519_public: string;
  readonly x25519_secret: string;
  readonly account_id: string;
}

export interface MessageVector {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly content_json: Readonly<Record<string, unknown>>;
  readonly sent_timestamp_ms: number;
  readonly namespace: number;
  readonly ttl_ms: number;
  readonly content: string;
  readonly padded_legacy: string;
  readonly padded_libsession: string;
  readonly libsession: {
    readonly signature_input: string;
    readonly signature: string;
    readonly sealed_plaintext: string;
    readonly ephemeral_public: string;
    readonly ephemeral_secret: string;
    readonly sealed_box: string;
    readonly envelope: string;
    readonly websocket_put: string;
    readonly websocket_empty: string;
    readonly store_data_base64: string;
  };
  readonly legacy: { readonly signature: string; readonly sealed_box: string };
}

export interface NegativeVector {
  readonly name: string;
  readonly reader: string;
  readonly expect: string;
  readonly store_data_base64: string;
  readonly websocket: string;
  readonly content?: string;
}

export interface ConfigVector {
  readonly name: string;
  readonly account_id: string;
  readonly namespace: number;
  readonly kind: number;
  readonly domain: string;
  readonly seqno: number;
  readonly serialized_text_or_hex: string;
  readonly serialized_hash: string;
  readonly padded: string;
  readonly encrypted: string;
  readonly wrapped: string;
  readonly libsession_wrapped?: string;
}

export interface ConfigMergeVector {
  readonly name: string;
  readonly domain: string;
  readonly account_id: string;
  readonly inputs: readonly { seqno: number; hash: string; serialized: string }[];
  readonly result: { seqno: number; serialized: string; name: string; needs_push: boolean };
  readonly libsession_push_wrapped: string;
}

export interface AttachmentVector {
  readonly name: string;
  readonly plaintext?: string;
  readonly plaintext_size?: number;
  readonly padded_size?: number;
  readonly padding?: number;
  readonly key: string;
  readonly iv?: string;
  readonly nonce?: string;
  readonly seed?: string;
  readonly personal?: string;
  readonly digest?: string;
  readonly blob: string;
}

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

export const clientMessageVectors = JSON.parse(read('client-messages.json')) as ClientMessageVectors;
export const mnemonicWords: readonly string[] = read('mnemonic-words-english.txt').trim().split('\n');
