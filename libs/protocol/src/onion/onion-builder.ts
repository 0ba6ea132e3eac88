import { decodeBase64 } from '../base64.js';
import { bytesToHex } from '../hex.js';
import type { X25519KeyPair } from '../node-key.js';
import type { Primitives, RandomBytes } from '../primitives.js';
import { DEFAULT_ENC_TYPE, type EncType } from './enc-type.js';
import { readKey } from './key-text.js';
import { clientLayerKey, seal, unseal, type LayerKey } from './layer-cipher.js';
import { UnreadableReply, UnusableNodeKey } from './onion-errors.js';
import { joinPayload } from './payload.js';

/** A node as the node list describes it. */
export interface NodeTarget {
  /** Ed25519 public key, 64 hex digits. */
  readonly ed25519: string;
  /** X25519 public key, 64 hex digits. */
  readonly x25519: string;
  /** Cipher of this node's layer, where it differs from the plan's. */
  readonly encType?: EncType;
}

/** A server outside the network; the last node of the path calls it. */
export interface ServerTarget {
  readonly host: string;
  /** Path of the server's onion endpoint, such as `/oxen/v4/lsrpc`. */
  readonly target: string;
  /** X25519 public key of the server, 64 hex digits. */
  readonly x25519: string;
  /** Both are left out of the request when absent; the exit then takes https and 443. */
  readonly protocol?: 'http' | 'https';
  readonly port?: number;
  readonly encType?: EncType;
  /** True for v3 servers, whose replies are base64 text. */
  readonly base64Reply?: boolean;
}

/** Control JSON of the layer for the destination node, written in the order given. docs/protocol/onion.md §3.3 */
export interface FinalControl {
  /** Its presence is what counts; clients differ in what they put here. */
  readonly headers: string | null | readonly unknown[] | Readonly<Record<string, unknown>>;
  readonly json?: boolean;
  readonly base64?: boolean;
  readonly [other: string]: unknown;
}

/** One request: through the nodes of `path`, the entry first, to a node or a server. */
export interface OnionPlan {
  readonly path: readonly NodeTarget[];
  readonly destination: NodeTarget | ServerTarget;
  /** Plaintext for the destination: the RPC envelope, or a v3 or v4 server request. */
  readonly payload: Uint8Array;
  /** For a destination node; default `{"headers":""}`. */
  readonly control?: FinalControl;
  /** Cipher of all layers, default `xchacha20`. */
  readonly encType?: EncType;
  /** False leaves `enc_type` out of AES-GCM layers, as some clients do. Default true. */
  readonly nameEncType?: boolean;
  /** Where the hop counter starts; left out when absent. */
  readonly hopNo?: number;
}

export interface BuiltOnion {
  /** Body for `POST /onion_req/v2` of the first node. */
  readonly body: Uint8Array;
  /** Decrypts the body of the answer that the entry gave with status 200. Throws UnreadableReply. */
  open(reply: Uint8Array): Uint8Array;
}

/** A sealed layer, and the control members by which its receiver can open it. */
interface SealedLayer {
  readonly ciphertext: Uint8Array;
  readonly key: LayerKey;
  readonly opener: Readonly<Record<string, string>>;
}

const DEFAULT_CONTROL: FinalControl = { headers: '' };

/**
 * Builds the request from the inside out. For each layer `random` is asked for the 32-byte ephemeral secret, then for
 * the nonce. Throws UnusableNodeKey.
 */
export function buildOnion(p: Primitives, random: RandomBytes, plan: OnionPlan): BuiltOnion {
  const sealFor = (target: NodeTarget | ServerTarget, plaintext: Uint8Array): SealedLayer =>
    sealLayer(p, random, plan, target, plaintext);

  const { destination } = plan;
  const toServer = 'host' in destination;
  const control = plan.control ?? DEFAULT_CONTROL;
  const innermost = sealFor(destination, toServer ? plan.payload : joinPayload(plan.payload, JSON.stringify(control)));

  let layer = innermost;
  let next: NodeTarget | ServerTarget = destination;
  for (const node of plan.path.toReversed()) {
    layer = sealFor(node, joinPayload(layer.ciphertext, JSON.stringify({ ...addressOf(next), ...layer.opener })));
    next = node;
  }
  if ('host' in next) throw new UnusableNodeKey('a request to a server needs a node that calls it');

  const hopNo = plan.hopNo === undefined ? {} : { hop_no: plan.hopNo };
  const isBase64 = toServer ? destination.base64Reply === true : control.base64 !== false;
  return {
    body: joinPayload(layer.ciphertext, JSON.stringify({ ...layer.opener, ...hopNo })),
    open: (reply) => openReply(p, innermost.key, reply, isBase64),
  };
}

function sealLayer(
  p: Primitives,
  random: RandomBytes,
  plan: OnionPlan,
  target: NodeTarget | ServerTarget,
  plaintext: Uint8Array,
): SealedLayer {
  const targetKey = readKey(target.x25519);
  if (typeof targetKey === 'string') throw new UnusableNodeKey('an X25519 key is not 64 hex digits');
  const encType = target.encType ?? plan.encType ?? 'xchacha20';
  const ephemeral = ephemeralPair(p, random);
  const key = clientLayerKey(p, encType, ephemeral, targetKey);
  if (key === null) throw new UnusableNodeKey('an X25519 key of low order');
  const isNamed = plan.nameEncType !== false || encType !== DEFAULT_ENC_TYPE;
  const ephemeralKey = { ephemeral_key: bytesToHex(ephemeral.publicKey) };
  return {
    ciphertext: seal(p, random, key, plaintext),
    key,
    opener: isNamed ? { ...ephemeralKey, enc_type: encType } : ephemeralKey,
  };
}

/** What the node before needs to know to reach `target`; members without a value are not written. */
function addressOf(target: NodeTarget | ServerTarget): object {
  if (!('host' in target)) return { destination: target.ed25519 };
  const { host, target: path, protocol, port } = target;
  return { host, target: path, method: 'POST', protocol, port };
}

function ephemeralPair(p: Primitives, random: RandomBytes): X25519KeyPair {
  const secretKey = random(32);
  return { secretKey, publicKey: p.x25519PublicKey(secretKey) };
}

function openReply(p: Primitives, key: LayerKey, reply: Uint8Array, isBase64: boolean): Uint8Array {
  const sealed = isBase64 ? decodeBase64(new TextDecoder().decode(reply)) : reply;
  const plaintext = sealed && unseal(p, key, sealed);
  if (plaintext === null) throw new UnreadableReply('the reply cannot be decrypted');
  return plaintext;
}
