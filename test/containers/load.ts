import type { AccountId } from '#protocol';
import { anAccount } from '#testing';
import { aStoreInOpenInbox, call } from '../network/rpc.js';
import type { RpcAnswer } from '../network/rpc.js';

interface Place {
  readonly url: string;
}

/** A request that was not answered with 200, and where it was tried. */
export interface Failure {
  readonly place: Place;
  /** Null: the connection broke, was refused, or no answer came in time. */
  readonly status: number | null;
  readonly says: string;
}

/**
 * Clients that store one message after the other, each for an account of its own, and turn to the next place when one
 * fails them.
 */
export class Load {
  readonly failures: Failure[] = [];
  /** Texts that were acknowledged, by account. */
  readonly kept = new Map<AccountId, string[]>();
  #isOver = false;
  readonly #work: Promise<unknown>;

  constructor(places: readonly Place[], clients: number) {
    const accounts = Array.from({ length: clients }, (_, index) => anAccount(0x60 + index));
    this.#work = Promise.all(accounts.map((account, index) => this.#client(account, places, index)));
  }

  get count(): number {
    return [...this.kept.values()].reduce((sum, texts) => sum + texts.length, 0);
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#work;
  }

  async #client(account: AccountId, places: readonly Place[], first: number): Promise<void> {
    const texts: string[] = [];
    this.kept.set(account, texts);
    for (let number = 0, at = first; !this.#isOver; number++) {
      const text = `message ${number}`;
      const place = places[at % places.length] as Place;
      const answer = await attempt(place, account, text);
      if (answer.status === 200) texts.push(text);
      else {
        this.failures.push({ place, ...answer });
        at++;
      }
    }
  }
}

async function attempt(place: Place, account: AccountId, text: string): Promise<Omit<Failure, 'place'>> {
  try {
    const { status, text: says } = await call(place, 'store', aStoreInOpenInbox(account, text));
    return { status, says };
  } catch (cause) {
    return { status: null, says: cause instanceof Error ? cause.message : String(cause) };
  }
}

/** All texts of an account, page by page. */
export async function allTextsAt(place: Place, account: AccountId): Promise<string[]> {
  const texts: string[] = [];
  for (let last: string | undefined; ;) {
    const params = { pubkey: account.hex, namespace: -10, ...(last === undefined ? {} : { last_hash: last }) };
    const answer: RpcAnswer = await call(place, 'retrieve', params);
    if (answer.status !== 200) throw new Error(`retrieve answered ${answer.status}: ${answer.text}`);
    const { messages } = JSON.parse(answer.text) as { messages: { hash: string; data: string }[] };
    if (messages.length === 0) return texts;
    texts.push(...messages.map(({ data }) => Buffer.from(data, 'base64').toString()));
    last = messages.at(-1)?.hash;
  }
}
