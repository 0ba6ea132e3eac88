import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import { Agent, request } from 'undici';
import { WebSocket } from 'ws';
import { Account, subscribe, type StreamConnection } from '#client';
import { nativePrimitives, SystemClock } from '#platform';
import { AccountId, buildOnion } from '#protocol';
import type { TestNode } from '#testing';
import { aStore, aStoreInOpenInbox } from '../network/rpc.js';
import { openStream } from '../network/streams.js';

/** When clients give up. */
const PATIENCE_MS = 10_000;
/** Each gets more than one message. */
const RECIPIENTS = 20;
/** More than a body may have; no more of it than this number is ever sent. */
const TOO_LONG_BYTES = 64 * 1024 * 1024;

const clock = new SystemClock();
const primitives = nativePrimitives();

interface Call {
  readonly method: string;
  readonly params: object;
}

/** What clients of all kinds do at a node, well and badly, so that there is something to be seen of each. */
export class Traffic {
  private readonly agent = new Agent({ connect: { rejectUnauthorized: false } });
  private readonly recipients = Array.from({ length: RECIPIENTS }, () =>
    AccountId.parse(Account.generate(randomBytes).id),
  );
  private stores = 0;

  private constructor(
    private readonly here: TestNode,
    private readonly there: TestNode,
    private readonly subscriber: AccountId,
    private readonly stream: StreamConnection,
  ) {}

  /** One client keeps a stream to `here` open. `there` is another member of its swarm. */
  static async at(here: TestNode, there: TestNode): Promise<Traffic> {
    const subscriber = Account.generate(randomBytes);
    const stream = await openStream(here);
    await subscribe(stream, subscriber, { namespaces: [0], nowMs: clock.now() });
    return new Traffic(here, there, AccountId.parse(subscriber.id), stream);
  }

  async stop(): Promise<void> {
    await Promise.all([this.stream.close(), this.agent.destroy()]);
  }

  /** Some requests of each kind that are answered as they should be: at `here`, on the way through it, and from it. */
  async ordinary(): Promise<void> {
    const { here, there } = this;
    const read = { method: 'retrieve', params: { pubkey: this.recipient().hex, namespace: -10 } };
    await Promise.all([
      this.postOnion(here, this.onion([], here, this.store())),
      this.postOnion(here, this.onion([here], there, this.store())),
      this.postOnion(there, this.onion([there], here, read)),
      this.call(here, this.store()),
      this.call(there, this.store()),
      this.call(here, { method: 'store', params: aStore(this.subscriber, this.text()) }),
      this.call(here, { method: 'info', params: {} }),
    ]);
  }

  /** Some that `here` refuses, each in its way. */
  async refused(): Promise<void> {
    const { here } = this;
    const onion = this.onion([], here, { method: 'info', params: {} });
    await this.postOnion(here, onion);
    await Promise.all([
      this.postOnion(here, onion), // which it has seen
      this.postOnion(here, randomBytes(200)),
      this.call(here, { method: 'retrieve', params: { pubkey: this.recipient().hex } }), // not signed
      announceTooLong(here),
      sendNoMessage(here),
    ]);
  }

  private store(): Call {
    return { method: 'store', params: aStoreInOpenInbox(this.recipient(), this.text()) };
  }

  /** Another one each time, or it would be the same message. */
  private text(): string {
    return `message ${this.stores++}`;
  }

  private recipient(): AccountId {
    return this.recipients[this.stores % RECIPIENTS] ?? this.subscriber;
  }

  private onion(path: readonly TestNode[], destination: TestNode, call: Call): Uint8Array {
    const payload = Buffer.from(JSON.stringify(call));
    return buildOnion(primitives, randomBytes, { path, destination, payload }).body;
  }

  private postOnion(node: TestNode, onion: Uint8Array): Promise<void> {
    return this.post(node, '/onion_req/v2', onion);
  }

  private call(node: TestNode, call: Call): Promise<void> {
    return this.post(node, '/storage_rpc/v1', JSON.stringify(call));
  }

  private async post(node: TestNode, path: string, body: string | Uint8Array): Promise<void> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const answer = await request(`${node.url}${path}`, { method: 'POST', body, dispatcher: this.agent, signal });
    await answer.body.dump();
  }
}

/** A body of which the node needs only the length to refuse it. */
async function announceTooLong({ url }: TestNode): Promise<void> {
  const announced = httpsRequest(`${url}/storage_rpc/v1`, {
    method: 'POST',
    headers: { 'content-length': TOO_LONG_BYTES },
    rejectUnauthorized: false,
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  announced.flushHeaders();
  await once(announced, 'response');
  announced.on('error', () => undefined).destroy(); // it wants no more of it, which is what was to happen
}

/** A stream that the node ends. */
async function sendNoMessage({ url }: TestNode): Promise<void> {
  const options = { rejectUnauthorized: false, handshakeTimeout: PATIENCE_MS };
  const socket = new WebSocket(`${url.replace(/^https/, 'wss')}/stream/v1`, options);
  await once(socket, 'open');
  socket.send('this is no message');
  await once(socket, 'close', { signal: AbortSignal.timeout(PATIENCE_MS) });
}
