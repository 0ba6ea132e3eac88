import { createHash } from 'node:crypto';
import { nativePrimitives } from '#platform';
import { AccountId, joinPayload, messageHash } from '#protocol';
import { posts, type Post } from './posts.js';

/** So many that each is seen several times, with every kind of request. */
const PEOPLE = 97;
/** The legacy group inbox, which anybody may read. */
const OPEN_NAMESPACE = -10;
const RPC = '/storage_rpc/v1';
const ONION = '/onion_req/v2';
const DAY_MS = 86_400_000;

/** Somebody whom nothing that a node writes down may tell. */
interface Somebody {
  readonly account: AccountId;
  readonly data: Uint8Array;
}

/** The same people for the same seed, so that whoever searches knows what to search for. */
function peopleOf(seed: string): Somebody[] {
  return Array.from({ length: PEOPLE }, (_, index) => {
    const digest = createHash('sha256').update(`${seed} ${index}`).digest();
    return { account: AccountId.parse(`05${digest.toString('hex')}`), data: digest.subarray(3) };
  });
}

/** Account, key, message and its hash, as they could be written. */
export function secretsOf(seed: string): string[] {
  const primitives = nativePrimitives();
  return peopleOf(seed).flatMap(({ account, data }) => [
    account.hex.slice(2),
    Buffer.from(account.bytes.subarray(1)).toString('base64'),
    Buffer.from(data).toString('base64'),
    messageHash(primitives, account, OPEN_NAMESPACE, data),
  ]);
}

/** Requests of many people, good ones and such as a node might complain of in its log. */
export const gossip = posts(({ more }) => {
  const people = peopleOf(more.seed ?? '');
  let count = 0;
  return () => {
    const person = people[count % people.length];
    const kind = KINDS[count % KINDS.length];
    count += 1;
    if (person === undefined || kind === undefined) throw new Error('there are both');
    return kind(person);
  };
});

const rpc = (method: string, params: object): Post => ({ path: RPC, body: JSON.stringify({ method, params }) });

const KINDS: readonly ((person: Somebody) => Post)[] = [
  ({ account, data }) =>
    rpc('store', {
      pubkey: account.hex,
      namespace: OPEN_NAMESPACE,
      timestamp: Date.now(),
      ttl: DAY_MS,
      data: Buffer.from(data).toString('base64'),
    }),
  ({ account }) => rpc('retrieve', { pubkey: account.hex, namespace: OPEN_NAMESPACE }),
  ({ account }) => rpc('retrieve', { pubkey: account.hex }),
  ({ account }) =>
    rpc('retrieve', { pubkey: account.hex, timestamp: Date.now(), signature: Buffer.alloc(64).toString('base64') }),
  ({ account }) => rpc(account.hex, {}),
  ({ account }) => rpc('store', { pubkey: account.hex, data: account.hex }),
  ({ account }) => ({ path: RPC, body: `{"method":"info","params":{"pubkey":"${account.hex}"` }),
  ({ account }) => ({ path: `/${account.hex}`, body: account.hex }),
  ({ account, data }) => ({
    path: ONION,
    body: joinPayload(Buffer.concat([data, data]), JSON.stringify({ ephemeral_key: account.hex.slice(2) })),
  }),
];
