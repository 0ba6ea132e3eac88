/**
 * The floor of a store in a swarm: a member as one bare program in two roles, as a node is. The relay hands a client's
 * request to its storage over NATS; that storage inserts, signs the hash, and posts the request to the relays of the other
 * members over TLS, whose storages do the same. What arises while a request to a member is under way goes in the next.
 * No framework, no checks, no membership, no metrics, no proof of who asks.
 *
 * usage: swarm-floor ROLE JSON, with what `FloorMember` says; prints a line when it serves.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Agent, createServer, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type * as Sodium from 'sodium-native';
import { connect, type Msg } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import type { FloorMember } from '../storage/floor-swarm.js';
import { STORE_SCRIPT } from './store-script.js';

const [role = '', given = '{}'] = process.argv.slice(2);
const { name, prefix, natsUrl, redisUrl, certFile, keyFile, port, others } = JSON.parse(given) as FloorMember;
const { username: user, password: pass, host: servers } = new URL(natsUrl);
const nats = await connect({ servers, user, pass, noAsyncTraces: true });
const PEERS_PATH = '/peer';
const WAIT_MS = 9_000;

async function relay(): Promise<void> {
  const server = createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, (incoming, answer) => {
    void bodyOf(incoming).then(async (body) => {
      const subject = `${name}.${incoming.url === PEERS_PATH ? 'others' : 'clients'}`;
      const { data } = await nats.request(subject, body, { timeout: WAIT_MS });
      answer.writeHead(200, { 'content-length': data.length }).end(data);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

async function storage(): Promise<void> {
  const sodium = createRequire(import.meta.url)('sodium-native') as typeof Sodium;
  const redis = new Redis(redisUrl) as Redis & {
    /** ioredis has it, its types do not. */
    evalshaBuffer(sha: string, keys: number, ...operands: (string | Buffer | number)[]): Promise<unknown>;
  };
  const script = (await redis.script('LOAD', STORE_SCRIPT)) as string;
  const [publicKey, secretKey] = [Buffer.alloc(32), Buffer.alloc(64)];
  sodium.crypto_sign_keypair(publicKey, secretKey);

  /** Keeps one message and signs its hash. */
  const keep = async (envelope: string): Promise<string> => {
    const { params } = JSON.parse(envelope) as {
      params: { pubkey: string; timestamp: number; ttl: number; data: string };
    };
    const data = Buffer.from(params.data, 'base64');
    const [hash, signature] = [Buffer.allocUnsafe(32), Buffer.allocUnsafe(64)];
    sodium.crypto_generichash_batch(hash, [Buffer.from(params.pubkey, 'hex'), data]);
    const keys = ['m', 'o', 'e'].map((kind) => `${prefix}${name}{${params.pubkey}}${kind}`);
    await redis.evalshaBuffer(script, 3, ...keys, hash, data, params.timestamp + params.ttl);
    sodium.crypto_sign_detached(signature, hash, secretKey);
    return JSON.stringify({ hash: hash.toString('base64'), signature: signature.toString('base64') });
  };

  const peers = others.map((each) => new Peer(each));
  const serve = (subject: string, answer: (message: Msg) => Promise<string>): void => {
    nats.subscribe(`${name}.${subject}`, {
      callback: (_problem, message) => void answer(message).then((text) => message.respond(Buffer.from(text))),
    });
  };
  serve('clients', async (message) => {
    const envelope = message.string();
    const kept = await Promise.all([keep(envelope), ...peers.map((peer) => peer.keep(envelope))]);
    return `{"swarm":[${kept.join()}]}`;
  });
  serve('others', async (message) => {
    const envelopes = JSON.parse(message.string()) as string[];
    return JSON.stringify(await Promise.all(envelopes.map(keep)));
  });
  await nats.flush();
}

interface Waiting {
  readonly envelope: string;
  readonly resolve: (kept: string) => void;
}

/** Another member, asked for one thing after the other. */
class Peer {
  private readonly agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  private waiting: Waiting[] = [];
  private isUnderWay = false;

  constructor(private readonly peerPort: number) {}

  keep(envelope: string): Promise<string> {
    return new Promise((resolve) => {
      this.waiting.push({ envelope, resolve });
      if (!this.isUnderWay) void this.send();
    });
  }

  private async send(): Promise<void> {
    this.isUnderWay = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      const kept = JSON.parse(await this.post(JSON.stringify(batch.map(({ envelope }) => envelope)))) as string[];
      batch.forEach(({ resolve }, index) => resolve(kept[index] ?? ''));
    }
    this.isUnderWay = false;
  }

  private post(body: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const headers = { 'content-length': Buffer.byteLength(body) };
      const options = {
        agent: this.agent,
        host: '127.0.0.1',
        port: this.peerPort,
        method: 'POST',
        path: PEERS_PATH,
        headers,
      };
      const asking = request(
        options,
        (answer) => void bodyOf(answer).then((bytes) => resolve(bytes.toString()), reject),
      );
      asking.on('error', reject);
      asking.end(body);
    });
  }
}

if (role === 'relay') await relay();
else await storage();
process.stdout.write('serving\n');
