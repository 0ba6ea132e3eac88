import { randomBytes } from 'node:crypto';
import { Agent, buildConnector, request } from 'undici';
import { WebSocket } from 'ws';
import { Account, Client, StreamConnection, type HttpPost, type TraceEvent } from '#client';
import { nativePrimitives, SystemClock } from '#platform';
import { bytesToHex, encodeBase64, noblePrimitives } from '#protocol';
import type { TestNetwork, TestNode } from '#testing';
import type { Person } from '../people.js';
import type { Needles } from './needles.js';

const ANSWER_WITHIN_MS = 10_000;

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** Somebody whose connections all come from an address that nobody else has, and whose traces are known. */
export class Traveller implements Person {
  readonly account: Account;
  readonly events: TraceEvent[] = [];
  readonly #agent: Agent;
  #client: Client | undefined;

  private constructor(
    readonly name: string,
    readonly address: string,
    private readonly needles: Needles,
  ) {
    this.account = Account.generate(randomBytes);
    this.#agent = new Agent({ connect: this.#connector() });
    const { id, ed25519, x25519 } = this.account;
    needles.text(`the address of ${name}`, address);
    needles.text(`the account of ${name}`, id);
    needles.text(`the account of ${name} without its prefix`, id.slice(2));
    needles.bytes(`the Ed25519 key of ${name}`, ed25519.publicKey);
    needles.bytes(`the seed of ${name}`, ed25519.seed.subarray(0, 16));
    needles.bytes(`the X25519 key of ${name}`, x25519.publicKey);
    needles.bytes(`the secret X25519 key of ${name}`, x25519.secretKey);
  }

  static async arrive(name: string, address: string, { seedUrl }: TestNetwork, needles: Needles): Promise<Traveller> {
    const traveller = new Traveller(name, address, needles);
    traveller.#client = await Client.connect({
      seedUrl,
      random: needles.random,
      clock: new SystemClock(),
      primitives: nativePrimitives(),
      singleHost: true,
      post: traveller.#post,
      onTrace: (event) => traveller.events.push(event),
    });
    return traveller;
  }

  get client(): Client {
    if (this.#client === undefined) throw new Error(`${this.name} has not arrived`);
    return this.#client;
  }

  /** Anything at all to any listener of a node. */
  async post(url: string, body: string | Uint8Array, headers: Record<string, string> = {}): Promise<Answer> {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const answer = await request(url, { method: 'POST', body, headers, dispatcher: this.#agent, signal });
    return { status: answer.statusCode, body: Buffer.from(await answer.body.arrayBuffer()) };
  }

  /** A call of their own mailbox (or of `fields.pubkey`) with their signature, straight to a node. */
  async call(node: TestNode, method: string, signed: Uint8Array, fields: object): Promise<Answer> {
    const { id, ed25519 } = this.account;
    const proof = {
      pubkey: id,
      pubkey_ed25519: bytesToHex(ed25519.publicKey),
      signature: encodeBase64(noblePrimitives.ed25519Sign(signed, ed25519)),
    };
    const params = { ...proof, ...fields };
    return this.post(`${node.url}/storage_rpc/v1`, JSON.stringify({ method, params }));
  }

  openStream({ url }: TestNode): Promise<StreamConnection> {
    const localAddress = this.address;
    return StreamConnection.open({
      url,
      openSocket: (to) => {
        const socket = new WebSocket(to, { rejectUnauthorized: false, perMessageDeflate: false, localAddress });
        socket.on('upgrade', ({ socket: { localPort } }) => this.needles.port(localPort ?? 0));
        return socket;
      },
    });
  }

  async leave(): Promise<void> {
    await this.#client?.close();
    await this.#agent.destroy();
  }

  readonly #post: HttpPost = async ({ url, headers, body }) => {
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const answer = await request(url, { method: 'POST', headers, body, dispatcher: this.#agent, signal });
    const contentType = answer.headers['content-type'];
    return {
      status: answer.statusCode,
      contentType: typeof contentType === 'string' ? contentType : '',
      body: Buffer.from(await answer.body.arrayBuffer()),
    };
  };

  #connector(): buildConnector.connector {
    const connect = buildConnector({
      rejectUnauthorized: false,
      timeout: ANSWER_WITHIN_MS,
      localAddress: this.address,
    });
    return (options, callback) =>
      connect(options, (...[cause, socket]) => {
        if (cause !== null) {
          callback(cause, null);
          return;
        }
        this.needles.port(socket.localPort ?? 0);
        callback(null, socket);
      });
  }
}
