import { Agent, request } from 'undici';
import type { AccountId } from '#protocol';

export interface RpcAnswer {
  readonly status: number;
  readonly text: string;
}

/** What a member says of itself in the `swarm` of a reply. */
export interface StoreReply {
  readonly hash?: string;
  readonly swarm: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Where a node answers, such as a TestNode. */
interface Place {
  readonly url: string;
}

/** As long as the network promises for an answer with a member that hangs. */
const ANSWER_WITHIN_MS = 3_000;

const agent = new Agent({ connect: { rejectUnauthorized: false } });

/** One call straight to a node, as some clients do; fails when it is not answered in time. */
export const call = (node: Place, method: string, params: object): Promise<RpcAnswer> =>
  postTo(node, '/storage_rpc/v1', JSON.stringify({ method, params }));

export async function postTo(node: Place, path: string, body: string | Uint8Array): Promise<RpcAnswer> {
  const answer = await request(`${node.url}${path}`, {
    method: 'POST',
    body,
    dispatcher: agent,
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  return { status: answer.statusCode, text: await answer.body.text() };
}

/** Parameters of a store into a public inbox. */
export const aStore = (account: AccountId, text: string): object => ({
  pubkey: account.hex,
  timestamp: Date.now(),
  ttl: 86_400_000,
  data: Buffer.from(text).toString('base64'),
});

/** Reading the legacy group inbox (-10) needs no signature, so a test can look into a node without any account's key. */
const openInbox = (account: AccountId): object => ({ pubkey: account.hex, namespace: -10 });

export const aStoreInOpenInbox = (account: AccountId, text: string): object => ({
  ...aStore(account, text),
  namespace: -10,
});

/** The texts that a node holds in the open inbox of an account. */
export async function textsAt(node: Place, account: AccountId): Promise<string[]> {
  const { status, text } = await call(node, 'retrieve', openInbox(account));
  if (status !== 200) throw new Error(`retrieve answered ${status}: ${text}`);
  const { messages } = JSON.parse(text) as { messages: { data: string }[] };
  return messages.map(({ data }) => Buffer.from(data, 'base64').toString());
}

/** What each member said about a store, by its key. */
export const membersIn = ({ text }: RpcAnswer): StoreReply['swarm'] => (JSON.parse(text) as StoreReply).swarm;

/** One value of what a node measures about itself; 0 when it has not happened yet. */
export async function measured(adminUrl: string | null, series: string): Promise<number> {
  if (adminUrl === null) throw new Error('this node does not run');
  const answer = await request(`${adminUrl}/metrics`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  const line = (await answer.body.text()).split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? 0 : Number(line.slice(series.length + 1));
}

/** Throws when there is none. */
export function firstOf<T>(things: readonly T[]): NonNullable<T> {
  const [first] = things;
  if (first === undefined || first === null) throw new Error('there is none');
  return first;
}
