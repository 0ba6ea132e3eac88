import { readFileSync } from 'node:fs';
import type { EncType } from '#protocol';

/** Typed view of `onion-requests.json`; byte strings are lower-case hex. Members are described in README.md. */
export interface OnionVectors {
  readonly nodes: readonly NodeVector[];
  readonly server: { readonly x25519_seckey: string; readonly x25519_pubkey: string };
  readonly shared_keys: readonly SharedKeyVector[];
  readonly hop_ciphers: readonly HopCipherVector[];
  readonly reference_unit_vectors: readonly ReferenceVector[];
  readonly inner_requests: readonly InnerRequestVector[];
  readonly onion_requests: readonly OnionRequestVector[];
  readonly server_requests: readonly ServerRequestVector[];
  readonly v4_bencode: readonly { readonly name: string; readonly text: string }[];
  readonly negative: {
    readonly ciphertext: readonly NegativeCiphertextVector[];
    readonly entry_body: readonly EntryBodyVector[];
  };
  readonly url_targets: readonly { readonly target: string; readonly allowed: boolean }[];
  readonly enc_type_names: readonly { readonly name: string; readonly resolves_to: EncType | null }[];
  readonly sn_onion_request_frames: readonly HopFrameVector[];
  readonly active_nodes_bin: readonly NodeRecordVector[];
}

interface NodeRecordVector {
  readonly name: string;
  readonly record: string;
  readonly fields: {
    readonly pubkey_ed25519: string;
    readonly swarm_id: string;
    readonly ip: string;
    readonly https_port: number;
    readonly omq_quic_port: number;
    readonly version: readonly [number, number, number];
  };
}

export interface NodeVector {
  readonly name: string;
  readonly ed25519_seed: string;
  readonly ed25519_pubkey: string;
  readonly x25519_seckey: string;
  readonly x25519_pubkey: string;
}

interface PairVector {
  readonly client_seckey: string;
  readonly client_pubkey: string;
  readonly server_seckey: string;
  readonly server_pubkey: string;
}

export interface SharedKeyVector extends PairVector {
  readonly name: string;
  readonly x25519_shared: string;
  readonly aes_gcm_key: string;
  readonly aes_cbc_key: string;
  readonly xchacha20_key: string;
  readonly xchacha20_key_if_roles_swapped: string;
}

export interface HopCipherVector extends PairVector {
  readonly name: string;
  readonly enc_type: EncType;
  readonly direction: 'client-to-server' | 'server-to-client';
  readonly nonce: string;
  readonly plaintext: string;
  readonly ciphertext: string;
  readonly overhead: number;
}

export interface ReferenceVector extends PairVector {
  readonly kind?: 'framed';
  readonly enc_type: EncType;
  readonly ciphertext?: string;
  readonly frame?: string;
  readonly blob?: string;
  readonly control_json?: string;
  readonly plaintext: string | null;
  readonly expect: 'ok' | 'authentication failure';
  readonly reply_overhead?: number;
}

export type InnerExpectation =
  | { readonly kind: 'INVALID_JSON' }
  | { readonly kind: 'final'; readonly body: string; readonly json: boolean; readonly base64: boolean }
  | {
      readonly kind: 'relay_node';
      readonly next: string;
      readonly ephemeral_key: string;
      readonly enc_type: EncType;
      readonly ciphertext: string;
    }
  | {
      readonly kind: 'relay_server';
      readonly host: string;
      readonly port: number;
      readonly protocol: string;
      readonly target: string;
      readonly target_allowed: boolean;
      readonly payload: string;
    };

export interface InnerRequestVector {
  readonly name: string;
  readonly plaintext: string;
  readonly expect: InnerExpectation;
}

export interface HopVector {
  readonly node: string;
  readonly x25519_seckey: string;
  readonly received: ReceivedVector;
  readonly ephemeral_seckey: string;
  readonly hop_key: string;
  readonly nonce: string;
  readonly plaintext: string;
  readonly inner_length: number;
  readonly control_json: string;
  readonly action:
    | { readonly type: 'relay-to-node'; readonly next_ed25519: string; readonly sn_onion_request_frame: string }
    | {
        readonly type: 'final-destination';
        readonly rpc_body: string;
        readonly json_flag: boolean;
        readonly base64_flag: boolean;
      };
}

export interface ReceivedVector {
  readonly ciphertext: string;
  readonly ephemeral_key: string;
  readonly enc_type: EncType;
  readonly hop_no: number;
}

export interface OnionRequestVector {
  readonly name: string;
  readonly path: readonly string[];
  readonly enc_types: readonly EncType[];
  readonly explicit_enc_type: boolean;
  readonly entry_control_json: string;
  readonly entry_body: string;
  readonly hops: readonly HopVector[];
  readonly response: {
    readonly plaintext: string;
    readonly key: string;
    readonly enc_type: EncType;
    readonly ciphertext: string;
    readonly http_body_text?: string;
    readonly http_body?: string;
  };
}

export interface ServerRequestVector {
  readonly name: string;
  readonly version: 3 | 4;
  readonly path: readonly string[];
  readonly enc_types: readonly EncType[];
  readonly server_enc_type: EncType;
  readonly entry_body: string;
  readonly exit: {
    readonly ciphertext: string;
    readonly ephemeral_key: string;
    readonly enc_type: EncType;
    readonly plaintext: string;
    readonly http_request: { readonly url: string; readonly body: string };
  };
  readonly server_seckey: string;
  readonly server_ephemeral_seckey: string;
  readonly server_ciphertext: string;
  readonly server_plaintext: string;
  readonly control_json: string;
  readonly reply: {
    readonly plaintext: string;
    readonly ciphertext: string;
    readonly http_body?: string;
    readonly http_body_text?: string;
  };
}

export interface NegativeCiphertextVector {
  readonly name: string;
  readonly x25519_seckey: string;
  readonly enc_type: EncType;
  readonly ephemeral_key: string;
  readonly ciphertext: string;
}

export interface EntryBodyVector {
  readonly name: string;
  readonly body: string;
  readonly expect_body_prefix?: string;
  readonly reference_error?: string;
  readonly expect?: ReceivedVector;
}

export interface HopFrameVector {
  readonly name: string;
  readonly frame: string;
  readonly expect: {
    readonly enc_type?: EncType;
    readonly hop_no?: number;
    readonly accepted?: boolean;
    readonly reply?: readonly [string, string];
    readonly reply_code?: string;
    readonly reply_prefix?: string;
  };
}

export function loadOnionVectors(): OnionVectors {
  return JSON.parse(readFileSync(new URL('onion-requests.json', import.meta.url), 'utf8')) as OnionVectors;
}

/** Bytes of a hex string, as a plain Uint8Array. */
export function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}
