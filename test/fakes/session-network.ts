import {
  AccountId,
  bytesToHex,
  decodeBase64,
  encodeBase64,
  encodeNodeReply,
  equalBytes,
  hexToBytes,
  messageHash,
  noblePrimitives,
  NodeKey,
  openLayer,
  parseEntry,
  parseLayer,
  sealReply,
  utf8,
} from '#protocol';
import type { EntryRequest } from '#protocol';
import type { HttpPost, HttpPostReply, HttpPostRequest } from '#client';

type Json = Record<string, unknown>;

export interface FakeReply {
  readonly status: number;
  readonly body: string | Json;
}

interface FakeMessage {
  readonly hash: string;
  readonly data: string;
  readonly timestamp: number;
  readonly expiration: number;
}

/** One node: what it holds, and the faults a test gives it. */
export interface FakeNode {
  readonly key: NodeKey;
  readonly ip: string;
  port: number;
  readonly mailboxes: Map<string, FakeMessage[]>;
  /** `down`: refuses connections; `silent`: takes them and never answers; `not-ready`, `busy`: says so. */
  fault: 'none' | 'down' | 'silent' | 'not-ready' | 'busy';
  /** Answers instead of the node's own RPC when it gives something. */
  override: ((method: string, params: Json) => FakeReply | undefined) | null;
}

export interface FakeNetworkOptions {
  readonly nodes: number;
  /** Default: 127.0.0.1 for all, with ports of their own. */
  readonly ipOf?: (index: number) => string;
  readonly now: () => number;
}

const SEED_HEIGHT = 100;
const STORE_LIMIT = 1_000;

/** A private network inside the process: onions are really peeled, nothing touches a socket. */
export class FakeSessionNetwork {
  readonly seedUrl = 'http://seed.test';
  readonly nodes: FakeNode[];
  /** Every request that reached a guard or the seed, the newest last. */
  readonly requests: HttpPostRequest[] = [];
  /** Who keeps the messages of an account; default: all nodes. */
  swarmOf: (accountId: string) => readonly FakeNode[] = () => this.nodes;
  /** Answers of the seed instead of the list. */
  seedOverride: ((attempt: number) => HttpPostReply | Error | undefined) | null = null;
  seedRequests = 0;

  constructor(private readonly options: FakeNetworkOptions) {
    this.nodes = Array.from({ length: options.nodes }, (_, index) => ({
      key: NodeKey.fromSeed(new Uint8Array(32).fill(index + 1), noblePrimitives),
      ip: options.ipOf?.(index) ?? '127.0.0.1',
      port: 20_000 + index,
      mailboxes: new Map<string, FakeMessage[]>(),
      fault: 'none',
      override: null,
    }));
  }

  readonly post: HttpPost = async (request) => {
    this.requests.push(request);
    await Promise.resolve();
    const url = new URL(request.url);
    if (url.host === 'seed.test') return this.seed();
    const guard = this.nodes.find(({ ip, port }) => `${ip}:${port}` === url.host);
    if (!guard || guard.fault === 'down') throw new Error('connect ECONNREFUSED');
    return this.receive(guard, parseEntry(request.body));
  };

  /** The node with this Ed25519 key. */
  node(id: string): FakeNode {
    const node = this.nodes.find(({ key }) => key.id === id);
    if (!node) throw new Error('no such node');
    return node;
  }

  private seed(): HttpPostReply {
    this.seedRequests += 1;
    const other = this.seedOverride?.(this.seedRequests);
    if (other instanceof Error) throw other;
    if (other) return other;
    const answer = { result: { height: SEED_HEIGHT, service_node_states: this.states() } };
    return { status: 200, contentType: 'application/json', body: utf8(JSON.stringify(answer)) };
  }

  states(): Json[] {
    return this.nodes.map(({ key, ip, port }) => ({
      public_ip: ip,
      storage_port: port,
      pubkey_ed25519: key.id,
      pubkey_x25519: bytesToHex(key.x25519.publicKey),
      requested_unlock_height: 0,
    }));
  }

  private receive(node: FakeNode, layer: EntryRequest): HttpPostReply {
    if (node.fault === 'silent') throw new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    if (node.fault === 'not-ready') return plain(503, `Snode not ready: ${node.key.id}`);
    if (node.fault === 'busy') return plain(503, 'Server busy, try again later');
    const opened = openLayer(noblePrimitives, { ...layer, ...node.key.x25519 });
    if (!opened) return plain(400, 'Invalid ciphertext');
    const action = parseLayer(opened.plaintext);
    if (action.kind === 'relay-server') return plain(400, 'no servers here');
    if (action.kind === 'final') {
      const reply = encodeNodeReply(this.rpc(node, JSON.parse(new TextDecoder().decode(action.body)) as Json));
      const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
      return plain(200, encodeBase64(sealReply(noblePrimitives, random, opened, reply)));
    }
    const next = this.nodes.find(({ key }) => key.id === action.destination);
    if (!next) return plain(502, `Next node not found: ${action.destination}`);
    if (next.fault === 'down') return plain(502, `Next node is currently unreachable: ${action.destination}`);
    if (next.fault === 'silent') return plain(504, 'Request time out');
    return this.receive(next, { ...action, hopNo: 0 });
  }

  private rpc(node: FakeNode, { method, params }: Json): { status: number; body: string } {
    if (method !== 'batch' && method !== 'sequence') return { status: 400, body: 'no method' };
    const { requests } = params as { requests: { method: string; params: Json }[] };
    const whole = node.override?.(method, params as Json);
    if (whole) return { status: whole.status, body: textOf(whole.body) };
    const results: Json[] = [];
    for (const request of requests) {
      const { status: code, body } =
        node.override?.(request.method, request.params) ?? this.answer(node, request.method, request.params);
      results.push({ code, body });
      if (method === 'sequence' && code !== 200) break;
    }
    return { status: 200, body: JSON.stringify({ results }) };
  }

  private answer(node: FakeNode, method: string, params: Json): FakeReply {
    const t = this.options.now();
    const hf = [19, 4];
    const account = params.pubkey as string;
    switch (method) {
      case 'info':
        return { status: 200, body: { hf, t, timestamp: t, version: [2, 8, 0] } };
      case 'get_swarm':
        return { status: 200, body: this.swarmBody(account) };
      case 'oxend_request':
        return { status: 200, body: { hf, t, result: { service_node_states: this.states() } } };
      case 'store':
        if (!this.swarmOf(account).includes(node)) return { status: 421, body: this.swarmBody(account) };
        return this.store(account, params);
      case 'retrieve':
        if (!this.swarmOf(account).includes(node)) return { status: 421, body: this.swarmBody(account) };
        return this.retrieve(node, account, params);
      default:
        return { status: 400, body: `no method ${method}` };
    }
  }

  swarmBody(account: string): Json {
    const snodes = this.swarmOf(account).map(({ key, ip, port }) => ({
      ip,
      port: `${port}`,
      pubkey_ed25519: key.id,
      pubkey_x25519: bytesToHex(key.x25519.publicKey),
    }));
    return { hf: [19, 4], snodes, swarm: '7fffffffffffffff', t: this.options.now() };
  }

  private store(account: string, params: Json): FakeReply {
    const t = this.options.now();
    const timestamp = params.timestamp as number;
    if (timestamp > t + 10_000) return { status: 406, body: 'Timestamp error: check your clock' };
    const data = decodeBase64(params.data as string) ?? new Uint8Array();
    const hash = messageHash(noblePrimitives, AccountId.parse(account), params.namespace as number, data);
    const expiration = timestamp + (params.ttl as number);
    const swarm: Record<string, Json> = {};
    for (const member of this.swarmOf(account)) {
      if (member.fault !== 'none') {
        swarm[member.key.id] = { failed: true, timeout: true };
        continue;
      }
      const messages = member.mailboxes.get(account) ?? [];
      member.mailboxes.set(account, messages);
      const already = messages.some((message) => message.hash === hash);
      if (!already) messages.push({ hash, data: params.data as string, timestamp, expiration });
      const signature = encodeBase64(noblePrimitives.ed25519Sign(utf8(hash), member.key.ed25519));
      swarm[member.key.id] = { hash, expiry: expiration, signature, ...(already ? { already: 1 } : {}) };
    }
    return { status: 200, body: { hash, hf: [19, 4], swarm, t } };
  }

  private retrieve(node: FakeNode, account: string, params: Json): FakeReply {
    const t = this.options.now();
    const timestamp = params.timestamp as number;
    if (Math.abs(timestamp - t) > 60_000) {
      return { status: 406, body: 'retrieve timestamp too far from current time' };
    }
    if (!isSignedBy(account, params)) return { status: 401, body: 'retrieve signature verification failed' };
    const all = node.mailboxes.get(account) ?? [];
    const start = all.findIndex(({ hash }) => hash === params.last_hash) + 1;
    const messages = all.slice(start, start + this.pageSize);
    return { status: 200, body: { hf: [19, 4], messages, more: start + messages.length < all.length, t } };
  }

  /** How many messages one answer holds. */
  pageSize = STORE_LIMIT;
}

function isSignedBy(account: string, params: Json): boolean {
  const key = hexToBytes(params.pubkey_ed25519 as string) ?? new Uint8Array(32);
  const converted = noblePrimitives.ed25519ToX25519(key);
  if (!converted || !equalBytes(converted, AccountId.parse(account).key)) return false;
  const signature = decodeBase64(params.signature as string) ?? new Uint8Array(64);
  return noblePrimitives.ed25519Verify(signature, utf8(`retrieve${params.timestamp as number}`), key);
}

function plain(status: number, text: string): HttpPostReply {
  return { status, contentType: 'text/plain', body: utf8(text) };
}

function textOf(body: string | Json): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}
