import { Agent, request } from 'undici';
import type { AccountId } from '#protocol';
import { waitUntil, type TestNode } from '#testing';
import { aStoreInOpenInbox, membersIn } from '../rpc.js';

/** What a client waits at the most, and longer than a node of this machine needs while others start. */
const CLIENT_PATIENCE_MS = 10_000;
/** For a number of answers on two busy cores. */
const ANSWERS_TIMEOUT_MS = 60_000;
/** Enough after an event for a fault that it left behind to show. */
const MORE_ANSWERS = 30;

/** A client of one node that stores and reads without a pause, on connections that it keeps. */
export class Load {
  /** Texts that were acknowledged, and the members that signed for each. */
  readonly kept = new Map<string, readonly string[]>();
  readonly failures: string[] = [];
  #answers = 0;
  #isOver = false;
  readonly #agent = new Agent({ connect: { rejectUnauthorized: false } });
  readonly #loops: Promise<void>[];

  constructor(
    private readonly node: TestNode,
    readonly account: AccountId,
  ) {
    this.#loops = [this.#store('a'), this.#store('b'), this.#read()];
  }

  async more(): Promise<void> {
    const enough = this.#answers + MORE_ANSWERS;
    await waitUntil('more answers', ANSWERS_TIMEOUT_MS, () => {
      if (this.#answers < enough) throw new Error(`${this.#answers} of ${enough}`);
    });
  }

  /** Again, too: whatever became of the test, nothing may go on behind it. */
  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#loops);
    await this.#agent.destroy();
  }

  async #store(loop: string): Promise<void> {
    for (let number = 0; !this.#isOver; number++) {
      const text = `${loop} ${number}`;
      const body = await this.#ask('store', aStoreInOpenInbox(this.account, text));
      if (body === null) continue;
      const members = Object.entries(membersIn({ status: 200, text: body }));
      this.kept.set(
        text,
        members.flatMap(([key, { signature }]) => (signature === undefined ? [] : [key])),
      );
    }
  }

  async #read(): Promise<void> {
    while (!this.#isOver) await this.#ask('retrieve', { pubkey: this.account.hex, namespace: -10 });
  }

  /** Null for a failure, which is noted. */
  async #ask(method: string, params: object): Promise<string | null> {
    try {
      const { statusCode, body } = await request(`${this.node.url}/storage_rpc/v1`, {
        method: 'POST',
        body: JSON.stringify({ method, params }),
        dispatcher: this.#agent,
        signal: AbortSignal.timeout(CLIENT_PATIENCE_MS),
      });
      const text = await body.text();
      this.#answers += 1;
      if (statusCode === 200) return text;
      this.failures.push(`${method}: ${statusCode} ${text}`);
    } catch (cause) {
      this.failures.push(`${method}: ${cause instanceof Error ? `${cause.name} ${cause.message}` : String(cause)}`);
    }
    return null;
  }
}
