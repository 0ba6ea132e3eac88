import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { request } from 'undici';
import { subscribe } from '#client';
import { buildOnion, buildV4Request, bytesToHex, noblePrimitives, signingText, type ServerTarget } from '#protocol';
import { waitUntil, type FileServer, type TestNetwork, type TestNode } from '#testing';
import { receive } from '../people.js';
import { firstOf } from '../rpc.js';
import { heardOn } from '../streams.js';
import { RECOVERY_TIMEOUT_MS } from '../timeouts.js';
import type { Needles } from './needles.js';
import { Traveller } from './traveller.js';

const RPC = '/storage_rpc/v1';
const ONION = '/onion_req/v2';
const HOUR_MS = 3_600_000;
/** More of a long body than any line would quote. */
const PIECE_BYTES = 48;

interface Stored {
  readonly hash: string;
  readonly data: string;
}

/** What each step was answered, so that a test can see that it really happened. */
export type Answers = Record<string, number | string>;

/** Everything that clients do with a network, and what strangers try. Notes in `needles` whatever must not be told. */
export class Life {
  readonly answers: Answers = {};
  readonly travellers: Traveller[] = [];

  constructor(
    private readonly network: TestNetwork,
    private readonly server: FileServer,
    private readonly needles: Needles,
  ) {}

  async run(): Promise<void> {
    const alice = await this.#arrive('Alice', '127.77.13.101');
    const bob = await this.#arrive('Bob', '127.77.13.102');
    const mallory = await this.#arrive('Mallory', '127.77.13.103');
    const { id } = await bob.client.swarmOf(bob.account.id);
    const own = this.network.nodes.filter(({ swarmId }) => swarmId === id);
    const foreign = this.network.nodes.filter(({ swarmId }) => swarmId !== id);

    await this.#converse(alice, bob);
    await this.#watch(alice, bob, own);
    await this.#change(bob, firstOf(own));
    await this.#refuse(mallory, bob, firstOf(own), firstOf(foreign));
    await this.#nonsense(mallory, firstOf(own));
    await this.#outside(mallory, [...own, ...foreign]);
    await firstOf(own).kill();
    await this.#send(alice, bob, 'after a member was killed');
  }

  async end(): Promise<void> {
    await Promise.all(this.travellers.map((traveller) => traveller.leave()));
  }

  async #arrive(name: string, address: string): Promise<Traveller> {
    const traveller = await Traveller.arrive(name, address, this.network, this.needles);
    this.travellers.push(traveller);
    return traveller;
  }

  /** A text that nobody but a client has, to be recognised wherever it turns up. */
  #word(what: string): string {
    const word = `w${randomBytes(12).toString('hex')}`;
    this.needles.text(what, word);
    return word;
  }

  #known({ hash, data }: Stored): void {
    this.needles.text('a message hash', hash);
    this.needles.bytes('a message hash', Buffer.from(hash, 'base64'));
    const bytes = Buffer.from(data, 'base64');
    for (const from of [0, PIECE_BYTES, 2 * PIECE_BYTES]) {
      this.needles.bytes('the body of a message', bytes.subarray(from, from + PIECE_BYTES));
    }
  }

  async #send(from: Traveller, to: Traveller, what: string): Promise<string> {
    const text = this.#word(`a text ${what}`);
    const { answers, hash } = await from.client.send(from.account, to.account.id, text);
    this.needles.text('a message hash', hash);
    this.answers[`send ${what}`] = answers.filter(({ outcome }) => outcome === 'kept').length;
    return text;
  }

  async #converse(alice: Traveller, bob: Traveller): Promise<void> {
    for (const [from, to] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      const text = await this.#send(from, to, `for ${to.name}`);
      this.answers[`receive by ${to.name}`] = (await receive(to, from)) === text ? 'the text' : 'another';
    }
  }

  async #watch(alice: Traveller, bob: Traveller, own: readonly TestNode[]): Promise<void> {
    const stream = await bob.openStream(firstOf(own));
    const heard = heardOn(stream);
    await subscribe(stream, bob.account, { namespaces: [0], nowMs: Date.now(), wantsData: true });
    await this.#send(alice, bob, 'of which Bob is told');
    await waitUntil('Bob to be told', RECOVERY_TIMEOUT_MS, () => {
      if (heard.length === 0) throw new Error('nothing yet');
    });
    const word = this.#word('a command on a stream');
    await stream.request(`storage.${word}`, word).catch(() => undefined);
    await stream.close();
  }

  /** Reads, prolongs, revokes and deletes, straight at a member. */
  async #change(bob: Traveller, node: TestNode): Promise<void> {
    const nowMs = Date.now();
    const read = await bob.call(node, 'retrieve', signingText.retrieve(0, nowMs), { timestamp: nowMs });
    const { messages } = JSON.parse(read.body.toString()) as { messages: Stored[] };
    for (const message of messages) this.#known(message);
    const hashes = messages.map(({ hash }) => hash);
    const expiry = nowMs + HOUR_MS;
    const token = Buffer.concat([Buffer.from([5, 3, 0, 0]), noblePrimitives.ed25519PublicKey(randomBytes(32))]);
    this.needles.bytes('a token', token);
    const revoke = token.toString('base64');
    const [last = ''] = hashes;
    const calls: [string, Uint8Array, object][] = [
      ['expire', signingText.expire('', [expiry], hashes), { messages: hashes, expiry }],
      ['get_expiries', signingText.getExpiries(nowMs, hashes), { messages: hashes, timestamp: nowMs }],
      ['revoke_subaccount', signingText.revokeSubaccount(nowMs, [token]), { revoke, timestamp: nowMs }],
      ['delete', signingText.delete([last]), { messages: [last] }],
      ['delete_all', signingText.deleteAll('all', nowMs), { namespace: 'all', timestamp: nowMs }],
    ];
    this.answers.retrieve = `${read.status} with ${messages.length}`;
    for (const [method, signed, fields] of calls) {
      this.answers[method] = (await bob.call(node, method, signed, fields)).status;
    }
  }

  async #refuse(mallory: Traveller, { account: victim }: Traveller, own: TestNode, foreign: TestNode): Promise<void> {
    const nowMs = Date.now();
    const read = (node: TestNode, signedMs: number) =>
      mallory.call(node, 'retrieve', signingText.retrieve(0, signedMs), { pubkey: victim.id, timestamp: signedMs });
    this.answers['a signature of somebody else'] = (await read(own, nowMs)).status;
    this.answers['another swarm'] = (await read(foreign, nowMs)).status;
    this.answers['an old signature'] = (await read(own, nowMs - HOUR_MS)).status;
    const body = Buffer.from(this.#word('a body that is too long-lived')).toString('base64');
    const store = { pubkey: victim.id, timestamp: nowMs, ttl: 1_000 * HOUR_MS, data: body };
    this.answers['a life that is too long'] = (
      await mallory.post(`${own.url}${RPC}`, JSON.stringify({ method: 'store', params: store }))
    ).status;
  }

  /** What cannot be read, to every listener that there is. */
  async #nonsense(mallory: Traveller, node: TestNode): Promise<void> {
    const word = this.#word('a part of nonsense');
    const { seed_url: seed, admin_url: admin, peer_port: peerPort, https_port: httpsPort } = node.info;
    const bodies = [
      `{"method":"${word}","params":{"pubkey":"${word}"}}`,
      `{"method":"store","params":{"pubkey":"05${word}","${word}":["${word}"]}}`,
      `{"method":"retrieve","params":{"pubkey":"${mallory.account.id}","signature":"${word}","timestamp":"${word}"}}`,
      `{"method":"oxend_request","params":{"endpoint":"${word}"}}`,
      `not JSON ${word}`,
    ];
    const statuses: number[] = [];
    for (const body of bodies) statuses.push((await mallory.post(`${node.url}${RPC}`, body, { [word]: word })).status);
    statuses.push((await mallory.post(`${node.url}/${word}?${word}`, word)).status);
    statuses.push((await mallory.post(`${node.url}${ONION}`, word)).status);
    statuses.push((await mallory.post(`${node.url}${ONION}`, frame(word))).status);
    for (const body of bodies) statuses.push((await mallory.post(`${seed ?? ''}/json_rpc`, body)).status);
    statuses.push((await mallory.post(`${seed ?? ''}/${word}`, word)).status);
    await request(`${admin ?? ''}/${word}?${word}`, { headers: { [word]: word } }).then(({ body }) => body.dump());
    for (const port of [peerPort, httpsPort]) await shout(port, mallory.address, word);
    this.answers.nonsense = statuses.join(' ');
  }

  /** Servers outside: one that answers, one that has no address, one that nobody may make a node call. */
  async #outside(mallory: Traveller, nodes: readonly TestNode[]): Promise<void> {
    const [first, second, third] = nodes;
    if (first === undefined || second === undefined || third === undefined) throw new Error('too few nodes');
    const word = this.#word('a request to a server');
    const payload = buildV4Request({ method: 'POST', endpoint: `/${word}`, body: Buffer.from(word) });
    const plain = this.server.target();
    const hosts = { 'no such host': `${this.#word('the name of a server')}.invalid`, 'an inner host': '127.77.13.9' };
    this.needles.text('the address of a server', hosts['an inner host']);
    const destinations: [string, ServerTarget][] = [
      ['a server', plain],
      ...Object.entries(hosts).map(([what, host]): [string, ServerTarget] => [what, { ...plain, host }]),
    ];
    for (const [what, destination] of destinations) {
      const onion = buildOnion(noblePrimitives, this.needles.random, {
        path: [first, second, third],
        destination,
        payload,
      });
      this.answers[what] = (await mallory.post(`${first.url}${ONION}`, onion.body)).status;
    }
    const nobody = { ed25519: bytesToHex(randomBytes(32)), x25519: first.x25519 };
    this.needles.text('the key of a node that is not listed', nobody.ed25519);
    const lost = buildOnion(noblePrimitives, this.needles.random, { path: [first], destination: nobody, payload });
    this.answers['a node that is not listed'] = (await mallory.post(`${first.url}${ONION}`, lost.body)).status;
  }
}

/** An onion whose length is right and whose rest is not. */
function frame(word: string): Buffer {
  const ciphertext = Buffer.from(word.repeat(3));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(ciphertext.length);
  return Buffer.concat([length, ciphertext, Buffer.from(`{"ephemeral_key":"${word}","enc_type":"${word}"}`)]);
}

/** Something that is no handshake, until the other side has enough of it. */
async function shout(port: number, localAddress: string, word: string): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => undefined); // to be cut off is what is expected
  socket.end(`${word}\r\n\r\n`);
  socket.resume();
  await once(socket, 'close');
}
