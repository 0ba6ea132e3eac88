import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { Client } from 'undici';
import WebSocket from 'ws';
import { SystemClock } from '#platform';
import { bdecode, bencode, buildOnion, parseNodeReply, stringifyJson, type Primitives } from '#protocol';
import type { TestNode } from '#testing';
import { PeerProtocolError, TlsPeerTransport } from '#transport';

/** An entry grants 9 s, and clients wait for 10: who has no answer then never gets one. */
const HANG_MS = 12_000;

/** Of one message on a stream, and the code with which a longer one is refused. docs/protocol/stream.md §1.3, §1.5 */
const MAX_MESSAGE_BYTES = 10 * 1024 * 1024;
const TOO_LONG = 1009;

export const WAYS = ['https', 'onion', 'peer', 'stream'] as const;
export type Way = (typeof WAYS)[number];

/** What is sent: an envelope (https, onion), or a method and its part or parameters (stream, peer). */
export interface Input {
  readonly way: Way;
  readonly method: string;
  readonly body: Uint8Array;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/**
 * One lane: connections of its own to a node, one request at a time. Each lane comes from a source of its own, because a
 * source has so many requests a second.
 */
export class StorageLane {
  readonly #http: Client;
  readonly #peers: TlsPeerTransport;
  readonly #localAddress: string;
  #stream: WebSocket | undefined;

  /** `memberSeed` is the key of another member. */
  constructor(
    private readonly node: TestNode,
    memberSeed: Uint8Array,
    private readonly primitives: Primitives,
    lane: number,
  ) {
    this.#localAddress = `127.0.7.${lane + 1}`;
    const connect = { rejectUnauthorized: false, localAddress: this.#localAddress };
    this.#http = new Client(node.url, { connect, headersTimeout: HANG_MS, bodyTimeout: HANG_MS });
    this.#peers = new TlsPeerTransport(memberSeed, new SystemClock());
  }

  /** Throws for whatever is no answer: silence, a connection that ends, a reply that cannot be read. */
  send({ way, method, body }: Input): Promise<Answer> {
    switch (way) {
      case 'https':
        return this.#post('/storage_rpc/v1', body).then(({ status, bytes }) => ({ status, text: bytes.toString() }));
      case 'onion':
        return this.#sendInOnion(body);
      case 'peer':
        return this.#sendAsMember(method, body);
      case 'stream':
        return this.#sendOnStream(method, body);
    }
  }

  async close(): Promise<void> {
    this.#stream?.terminate();
    await Promise.all([this.#http.destroy(), this.#peers.close()]);
  }

  async #post(path: string, body: Uint8Array): Promise<{ status: number; bytes: Buffer }> {
    const answer = await this.#http.request({ method: 'POST', path, body, signal: AbortSignal.timeout(HANG_MS) });
    return { status: answer.statusCode, bytes: Buffer.from(await answer.body.arrayBuffer()) };
  }

  async #sendInOnion(payload: Uint8Array): Promise<Answer> {
    const onion = buildOnion(this.primitives, randomBytes, { path: [], destination: this.node, payload });
    const { status, bytes } = await this.#post('/onion_req/v2', onion.body);
    if (status !== 200) return { status, text: bytes.toString() };
    const reply = parseNodeReply(onion.open(bytes));
    return { status: reply.status, text: typeof reply.body === 'string' ? reply.body : stringifyJson(reply.body) };
  }

  /** A method that nobody could name cannot be sent; that is our side's refusal. */
  async #sendAsMember(method: string, params: Uint8Array): Promise<Answer> {
    const { ed25519, info } = this.node;
    const address = { ed25519, ip: info.ip, peerPort: info.peer_port };
    try {
      const { status, body } = await this.#peers.command(address, method, params, HANG_MS);
      return { status, text: Buffer.from(body).toString('latin1') };
    } catch (cause) {
      if (cause instanceof PeerProtocolError) return { status: 400, text: cause.message };
      throw cause;
    }
  }

  async #sendOnStream(method: string, part: Uint8Array): Promise<Answer> {
    const stream = await this.#openStream();
    const tag = randomBytes(8);
    const message = bencode([`storage.${method}`, tag, part]);
    stream.send(message);
    const answer = await nextMessage(stream, message.length > MAX_MESSAGE_BYTES);
    if (answer === 'too long') return { status: 413, text: answer };
    const parts = bdecode(answer) as readonly Uint8Array[];
    const [code = '', , ...rest] = parts.map((each) => Buffer.from(each).toString('latin1'));
    if (code !== 'REPLY') return { status: 400, text: code };
    const [first = '', second] = rest;
    return second === undefined ? { status: 200, text: first } : { status: Number(first), text: second };
  }

  async #openStream(): Promise<WebSocket> {
    if (this.#stream?.readyState === WebSocket.OPEN) return this.#stream;
    const options = { rejectUnauthorized: false, localAddress: this.#localAddress, handshakeTimeout: HANG_MS };
    const stream = new WebSocket(`${this.node.url.replace('https', 'wss')}/stream/v1`, options);
    this.#stream = stream;
    await once(stream, 'open');
    return stream;
  }
}

/** `isTooLong`: what was sent has to be answered with a close that says so. */
async function nextMessage(stream: WebSocket, isTooLong: boolean): Promise<Uint8Array | 'too long'> {
  const abort = new AbortController();
  const options = { signal: AbortSignal.any([abort.signal, AbortSignal.timeout(HANG_MS)]) };
  const closed = once(stream, 'close', options).then(([code]): 'too long' => {
    if (isTooLong && code === TOO_LONG) return 'too long';
    throw new Error(`the stream was closed with code ${String(code)}`);
  });
  try {
    const outcome = (await Promise.race([once(stream, 'message', options), closed])) as [Buffer] | 'too long';
    return outcome === 'too long' ? outcome : outcome[0];
  } finally {
    abort.abort();
    closed.catch(() => undefined); // aborted, now that the answer is there
  }
}
