import type { JsonObject } from '../json.js';
import { readControl } from './control-json.js';
import { parseEncType, type EncType } from './enc-type.js';
import { faultOfKey, readKey } from './key-text.js';
import { InvalidLayer, InvalidUrl, PayloadError } from './onion-errors.js';
import { splitPayload } from './payload.js';
import { isAllowedServer } from './server-address.js';

/** The path ends here: `body` is for this node's own RPC. */
export interface FinalAction {
  readonly kind: 'final';
  readonly body: Uint8Array;
  /** Embed a JSON result as JSON instead of as a string. */
  readonly json: boolean;
  /** Send the encrypted reply as base64 text instead of as bytes. */
  readonly base64: boolean;
}

/** Pass the rest on to another node. */
export interface RelayNodeAction {
  readonly kind: 'relay-node';
  /** Ed25519 key of the next node, 64 lower-case hex digits. */
  readonly destination: string;
  readonly ephemeralKey: Uint8Array;
  readonly encType: EncType;
  readonly ciphertext: Uint8Array;
}

/** Post the whole decrypted layer to a server outside the network. */
export interface RelayServerAction {
  readonly kind: 'relay-server';
  /** DNS name or IPv4 address, or an IPv6 address in brackets; whether we may call what it resolves to is not known yet. */
  readonly host: string;
  readonly port: number;
  readonly protocol: 'http' | 'https';
  readonly target: string;
  readonly payload: Uint8Array;
}

export type LayerAction = FinalAction | RelayNodeAction | RelayServerAction;

/** What a server layer says before anything is checked beyond its types. */
export type ServerLayer = Omit<RelayServerAction, 'protocol'> & { readonly protocol: string };

/** Also the default for http: clients that mean port 80 say so. docs/protocol/onion.md §3.3 */
const DEFAULT_SERVER_PORT = 443;

/**
 * Decides what a decrypted layer asks for. docs/protocol/onion.md §3.3.
 * Throws InvalidLayer, or InvalidUrl for a server that we would not call whatever it resolves to.
 */
export function parseLayer(plaintext: Uint8Array): LayerAction {
  const layer = readLayer(plaintext);
  if (layer.kind !== 'relay-server') return layer;
  const { protocol } = layer;
  if ((protocol !== 'http' && protocol !== 'https') || !isAllowedServer(layer.host, layer.target)) {
    throw new InvalidUrl('server refused');
  }
  return { ...layer, protocol };
}

/** The decision alone, without the rules about servers. Throws InvalidLayer. */
export function readLayer(plaintext: Uint8Array): FinalAction | RelayNodeAction | ServerLayer {
  const { blob, control } = splitLayer(plaintext);
  if (control.headers !== undefined) return finalAction(blob, control);
  if (control.host !== undefined) return serverLayer(plaintext, control);
  return nodeAction(blob, control);
}

function splitLayer(plaintext: Uint8Array): { blob: Uint8Array; control: JsonObject } {
  try {
    const { blob, json } = splitPayload(plaintext);
    const control = readControl(json);
    if (typeof control === 'string') throw new InvalidLayer(control);
    return { blob, control };
  } catch (cause) {
    throw cause instanceof PayloadError ? new InvalidLayer(cause.message) : cause;
  }
}

function finalAction(body: Uint8Array, control: JsonObject): FinalAction {
  return {
    kind: 'final',
    body,
    json: readFlag(control, 'json', false),
    base64: readFlag(control, 'base64', true),
  };
}

function nodeAction(ciphertext: Uint8Array, control: JsonObject): RelayNodeAction {
  const destination = readText(control, 'destination');
  if (faultOfKey(destination) !== null) throw new InvalidLayer('destination is not a key');
  const ephemeralKey = readKey(readText(control, 'ephemeral_key'));
  if (typeof ephemeralKey === 'string') throw new InvalidLayer('ephemeral_key is not a key');
  const encType = parseEncType(readOptionalText(control, 'enc_type'));
  if (encType === null) throw new InvalidLayer('unknown enc_type');
  return { kind: 'relay-node', destination: destination.toLowerCase(), ephemeralKey, encType, ciphertext };
}

function serverLayer(payload: Uint8Array, control: JsonObject): ServerLayer {
  return {
    kind: 'relay-server',
    host: readText(control, 'host'),
    port: readPort(control),
    protocol: readOptionalText(control, 'protocol') ?? 'https',
    target: readText(control, 'target'),
    payload,
  };
}

function readFlag(control: JsonObject, name: string, fallback: boolean): boolean {
  const value = control[name];
  if (value === undefined) return fallback;
  if (typeof value !== 'boolean') throw new InvalidLayer(`${name} is not a boolean`);
  return value;
}

function readText(control: JsonObject, name: string): string {
  const value = readOptionalText(control, name);
  if (value === undefined) throw new InvalidLayer(`${name} is missing`);
  return value;
}

function readOptionalText(control: JsonObject, name: string): string | undefined {
  const value = control[name];
  if (value !== undefined && typeof value !== 'string') throw new InvalidLayer(`${name} is not a string`);
  return value;
}

/** The reference narrows 70000 to 4464 and 80.9 to 80; we refuse what is not a port. docs/protocol/onion.md §3.3 */
function readPort(control: JsonObject): number {
  const value = control.port;
  if (value === undefined) return DEFAULT_SERVER_PORT;
  if (typeof value !== 'number' || value < 1 || value > 65_535) {
    throw new InvalidLayer('port is not a port');
  }
  return value;
}
