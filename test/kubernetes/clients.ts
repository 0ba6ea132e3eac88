import { setTimeout as pause } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { AccountId } from '#protocol';
import { anAccount, waitUntil } from '#testing';
import { aStoreInOpenInbox } from '../network/rpc.js';

/** What a client waits at the most, and longer than a node of this machine needs while pods start. */
const PATIENCE_MS = 15_000;
/** For a number of rounds on two busy cores. */
const PROGRESS_TIMEOUT_MS = 120_000;
/** Between two rounds of a client: all together make some tens of requests a second, which leaves room for pods. */
const THINK_MS = 50;
/** Enough after an event for a fault that it left behind to show. */
const MORE_ROUNDS = 50;
/** Of one kind are many. */
const MAX_NOTED = 50;

/**
 * Clients that each store a message and read it back, again and again. Every other one keeps its connection, as apps do;
 * the others make a new one for each request, which a balancer sends to any relay it knows.
 */
export class Clients {
  /** The first of them, in words. */
  readonly failures: string[] = [];
  /** Texts that were acknowledged, by account. */
  readonly kept = new Map<AccountId, string[]>();
  #failed = 0;
  #rounds = 0;
  #isOver = false;
  readonly #agent = new Agent({ connect: { rejectUnauthorized: false } });
  readonly #work: Promise<unknown>;

  constructor(
    private readonly url: string,
    count: number,
    firstAccount: number,
  ) {
    const accounts = Array.from({ length: count }, (_, index) => anAccount(firstAccount + index));
    this.#work = Promise.all(accounts.map((account, index) => this.#client(account, index % 2 === 0)));
  }

  /** Requests that were not answered with 200, or not with what was asked for. */
  get failed(): number {
    return this.#failed;
  }

  /** Rounds in which everything was answered. */
  async more(): Promise<void> {
    const enough = this.#rounds + MORE_ROUNDS;
    await waitUntil('more messages', PROGRESS_TIMEOUT_MS, () => {
      if (this.#rounds < enough) throw new Error(`${this.#rounds} of ${enough}; ${this.failures.at(-1) ?? ''}`);
    });
  }

  /** Again, too: whatever became of the test, nothing may go on behind it. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#work;
    await this.#agent.destroy();
  }

  async #client(account: AccountId, keepsConnection: boolean): Promise<void> {
    const texts: string[] = [];
    this.kept.set(account, texts);
    let last: string | undefined;
    for (let number = 0; !this.#isOver; number++) {
      const text = `message ${number}`;
      const stored = await this.#ask('store', aStoreInOpenInbox(account, text), keepsConnection);
      if (stored !== null) {
        texts.push(text);
        const after = { pubkey: account.hex, namespace: -10, ...(last === undefined ? {} : { last_hash: last }) };
        const read = await this.#ask('retrieve', after, keepsConnection);
        if (read !== null) {
          last = this.#found(text, read);
          this.#rounds += 1;
        }
      }
      await pause(THINK_MS);
    }
  }

  /** The hash of the newest message. */
  #found(text: string, answer: string): string | undefined {
    const { messages } = JSON.parse(answer) as { messages: { hash: string; data: string }[] };
    const newest = messages.at(-1);
    const is = newest === undefined ? 'nothing' : Buffer.from(newest.data, 'base64').toString();
    if (is !== text) this.#note(`retrieve: the newest message is ${is}, not ${text}`);
    return newest?.hash;
  }

  /** Null for a failure, which is noted. */
  async #ask(method: string, params: object, keepsConnection: boolean): Promise<string | null> {
    const startedMs = performance.now();
    const note = (what: string): null => {
      const connection = keepsConnection ? 'kept' : 'new';
      const ms = Math.round(performance.now() - startedMs);
      this.#note(`${method}, ${connection} connection, after ${ms} ms: ${what}`);
      return null;
    };
    try {
      const { statusCode, body } = await request(`${this.url}/storage_rpc/v1`, {
        method: 'POST',
        body: JSON.stringify({ method, params }),
        dispatcher: this.#agent,
        reset: !keepsConnection,
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const text = await body.text();
      return statusCode === 200 ? text : note(`${statusCode} ${text}`);
    } catch (cause) {
      return note(cause instanceof Error ? `${cause.name} ${cause.message}` : String(cause));
    }
  }

  #note(failure: string): void {
    this.#failed += 1;
    if (this.failures.length < MAX_NOTED) this.failures.push(`${new Date().toISOString()} ${failure}`);
  }
}
