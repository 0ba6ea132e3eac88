/**
 * The floor of a store and of a retrieve: what the same request costs with no framework, no checks of its fields, no
 * membership, no metrics. One NATS request; one Ed25519 verification and one BLAKE2b hash by sodium; one Lua script
 * that inserts a message with its place in the order and its expiry, or reads ten; one JSON reply.
 *
 * usage: storage-floor NATS_URL REDIS_URL; prints a line when it serves.
 */
import { createRequire } from 'node:module';
import type * as Sodium from 'sodium-native';
import { connect } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { STORE_SCRIPT } from './store-script.js';

const [natsUrl = '', redisUrl = ''] = process.argv.slice(2);
const sodium = createRequire(import.meta.url)('sodium-native') as typeof Sodium;
const redis = new Redis(redisUrl);
const nats = await connect({ servers: natsUrl, noAsyncTraces: true });

const RETRIEVE = `#!lua flags=no-writes
local hashes = redis.call('ZRANGE', KEYS[2], 0, 9)
return { hashes, redis.call('HMGET', KEYS[1], unpack(hashes)) }`;
const [store, retrieve] = (await Promise.all([STORE_SCRIPT, RETRIEVE].map((lua) => redis.script('LOAD', lua)))) as [
  string,
  string,
];

/** ioredis has it, its types do not. */
const scripts = redis as Redis & {
  evalshaBuffer(sha: string, keys: number, ...operands: (string | Buffer | number)[]): Promise<unknown>;
};

interface Params {
  readonly pubkey: string;
  readonly namespace: number;
  readonly timestamp: number;
  readonly ttl: number;
  readonly data: string;
  readonly signature: string;
}

/** Before the envelope stand the eight bytes of our call frame, whose names are empty. */
const HEAD_BYTES = 8;
/** Version, kind and status 200 of our answer frame. */
const ANSWER_HEAD = Buffer.from([1, 1, 200, 0]);

const keysOf = ({ pubkey }: Params): string[] => [`{${pubkey}}m`, `{${pubkey}}o`, `{${pubkey}}e`];

function verify(method: string, { pubkey, namespace, timestamp, signature }: Params): void {
  const text = Buffer.from(`${method}${namespace}${timestamp}`);
  const key = Buffer.from(pubkey.slice(2), 'hex');
  if (!sodium.crypto_sign_verify_detached(Buffer.from(signature, 'base64'), text, key)) throw new Error('forged');
}

async function answerStore(params: Params): Promise<string> {
  verify('store', params);
  const data = Buffer.from(params.data, 'base64');
  const hash = Buffer.allocUnsafe(32);
  sodium.crypto_generichash_batch(hash, [Buffer.from(params.pubkey, 'hex'), Buffer.from(`${params.namespace}`), data]);
  const expiry = params.timestamp + params.ttl;
  await scripts.evalshaBuffer(store, 3, ...keysOf(params), hash, data, expiry);
  return JSON.stringify({ hash: hash.toString('base64'), expiry });
}

async function answerRetrieve(params: Params): Promise<string> {
  verify('retrieve', params);
  const [hashes, data] = (await scripts.evalshaBuffer(retrieve, 2, ...keysOf(params).slice(0, 2))) as Buffer[][];
  const messages = hashes?.map((hash, index) => ({
    hash: hash.toString('base64'),
    data: data?.[index]?.toString('base64'),
  }));
  return JSON.stringify({ messages });
}

nats.subscribe('floor.storage', {
  callback: (_problem, message) => {
    const text = Buffer.from(message.data.buffer, message.data.byteOffset, message.data.length).toString();
    const { method, params } = JSON.parse(text.slice(HEAD_BYTES)) as { method: string; params: Params };
    const answer = method === 'store' ? answerStore(params) : answerRetrieve(params);
    void answer.then((body) => message.respond(Buffer.concat([ANSWER_HEAD, Buffer.from(body)])));
  },
});
await nats.flush();
process.stdout.write('serving\n');
