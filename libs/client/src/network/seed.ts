import { InvalidJson, isJsonObject, parseJson, utf8 } from '#protocol';
import type { JsonObject, JsonValue } from '#protocol';
import { CLIENT_HEADERS, UntrustedCertificate } from './http.js';
import type { HttpPost, HttpPostReply, HttpPostRequest } from './http.js';
import { KNOWN_SEED_CERTIFICATES } from './known-seeds.js';
import { reasonOf, SeedAnswerInvalid, SeedNotTrusted, SeedUnreachable } from './network-errors.js';
import { readNode } from './service-node.js';
import type { ServiceNode } from './service-node.js';

/** docs/protocol/onion.md §8.1: as Session Desktop asks. */
const ATTEMPTS = 4;
const TIMEOUT_MS = 5_000;
const FIRST_PAUSE_MS = 1_000;
/** 10,000 nodes of 300 bytes each; the public network has 2,200. */
const MAX_ANSWER_BYTES = 3_000_000;
const RPC_PATH = '/json_rpc';

/** In the order in which Desktop writes it. */
const REQUEST = {
  jsonrpc: '2.0',
  method: 'get_n_service_nodes',
  params: {
    active_only: true,
    fields: {
      public_ip: true,
      storage_port: true,
      pubkey_x25519: true,
      pubkey_ed25519: true,
      requested_unlock_height: true,
      height: true,
    },
  },
};

export interface SeedOptions {
  /** With or without `/json_rpc`. */
  readonly url: string;
  /** SHA-256 fingerprint of a self-signed https seed, hex with or without colons. */
  readonly certificateSha256?: string;
  readonly post: HttpPost;
  /** Waits so many milliseconds between attempts. */
  readonly pause: (ms: number) => Promise<void>;
}

/**
 * The nodes that a seed lists. The answer is taken whole or not at all: one malformed node voids it. Nodes without
 * an address are left out. Throws SeedUnreachable, SeedNotTrusted or SeedAnswerInvalid.
 */
export async function fetchSeedNodes(options: SeedOptions): Promise<ServiceNode[]> {
  const url = seedUrl(options.url);
  const reply = await postWithRetries(url, options);
  if (reply.contentType !== 'application/json') {
    throw new SeedAnswerInvalid(url.host, 'its content type is not application/json');
  }
  return readStates(url.host, parse(url.host, reply.body));
}

function seedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new SeedUnreachable(text, 'it is not an http or https address');
  }
  if (url.pathname === '/') url.pathname = RPC_PATH;
  return url;
}

async function postWithRetries(url: URL, options: SeedOptions): Promise<HttpPostReply> {
  const request: HttpPostRequest = {
    url: url.href,
    headers: CLIENT_HEADERS,
    body: utf8(JSON.stringify(REQUEST)),
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_ANSWER_BYTES,
    trust: trustFor(url, options.certificateSha256),
  };
  for (let attempt = 1; ; attempt++) {
    let reason: string;
    try {
      const reply = await options.post(request);
      if (reply.status === 200) return reply;
      reason = `it answered with status ${reply.status}`;
    } catch (cause) {
      if (cause instanceof UntrustedCertificate) throw new SeedNotTrusted(url.host);
      reason = reasonOf(cause);
    }
    if (attempt === ATTEMPTS) throw new SeedUnreachable(url.host, reason);
    await options.pause(FIRST_PAUSE_MS * 2 ** (attempt - 1));
  }
}

function trustFor(url: URL, given: string | undefined): HttpPostRequest['trust'] {
  const sha256 = given ?? KNOWN_SEED_CERTIFICATES.get(url.hostname);
  return sha256 === undefined ? 'public' : { sha256 };
}

function parse(seed: string, body: Uint8Array): JsonValue {
  try {
    return parseJson(body);
  } catch (cause) {
    if (cause instanceof InvalidJson) throw new SeedAnswerInvalid(seed, 'it is not JSON');
    throw cause;
  }
}

function readStates(seed: string, answer: JsonValue): ServiceNode[] {
  const result = isJsonObject(answer) ? answer.result : undefined;
  if (!isJsonObject(result)) throw new SeedAnswerInvalid(seed, 'it has no result');
  if (typeof result.height !== 'number') throw new SeedAnswerInvalid(seed, 'it has no height');
  const states = result.service_node_states;
  if (!Array.isArray(states) || states.length === 0) throw new SeedAnswerInvalid(seed, 'it lists no nodes');

  const nodes: ServiceNode[] = [];
  for (const state of states as JsonValue[]) {
    if (!isCompleteState(state)) throw new SeedAnswerInvalid(seed, 'a node lacks a field');
    const { public_ip: ip, storage_port: port, pubkey_ed25519: ed25519, pubkey_x25519: x25519 } = state;
    const node = readNode({ ip, port, ed25519, x25519 });
    if (node) nodes.push(node);
  }
  return nodes;
}

function isCompleteState(state: JsonValue): state is JsonObject {
  return (
    isJsonObject(state) &&
    typeof state.public_ip === 'string' &&
    typeof state.storage_port === 'number' &&
    typeof state.pubkey_x25519 === 'string' &&
    typeof state.pubkey_ed25519 === 'string' &&
    typeof state.requested_unlock_height === 'number'
  );
}
