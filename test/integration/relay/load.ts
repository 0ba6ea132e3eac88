import { Agent } from 'node:https';
import { waitUntil } from '#testing';
import { post } from './https-client.js';
import { ask } from './onion-client.js';

const RPC_PATH = '/storage_rpc/v1';
const INFO = '{"method":"info","params":{}}';
/** Good answers after an event, for a fault that it left behind to show. */
const MORE_ANSWERS = 300;
const ANSWERS_TIMEOUT_MS = 90_000;

/** Loops at the same time, by how they come in. */
interface Clients {
  /** On connections that they keep. */
  readonly kept: number;
  /** On a new connection each time. */
  readonly fresh?: number;
  /** As another node does, from `entry` to `exit`. */
  readonly onions: number;
}

type Answer = Pick<Awaited<ReturnType<typeof post>>, 'status' | 'text'>;

/** Clients of the node `exit` that ask without a pause until the end. */
export class Load {
  /** What came of requests that were not answered with 200. */
  readonly failures: string[] = [];
  #answers = 0;
  #isOver = false;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #loops: Promise<unknown>;

  /** The public ports of `exit` and of `entry`. */
  constructor(exitPort: number, entryPort: number, { kept, fresh = 0, onions }: Clients) {
    const loops = (count: number, request: () => Promise<Answer>): Promise<void>[] =>
      Array.from({ length: count }, () => this.#loop(request));
    this.#loops = Promise.all([
      ...loops(kept, () => post(exitPort, RPC_PATH, INFO, { agent: this.#agent })),
      ...loops(fresh, () => post(exitPort, RPC_PATH, INFO)),
      ...loops(onions, () => ask(entryPort, ['entry', 'exit'], INFO)),
    ]);
  }

  /** Returns after many more good answers. */
  async more(): Promise<void> {
    const enough = this.#answers + MORE_ANSWERS;
    await waitUntil('more answers', ANSWERS_TIMEOUT_MS, () => {
      if (this.#answers <= enough) throw new Error(`${this.#answers} of ${enough}; ${this.failures.at(-1) ?? ''}`);
    });
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#loops;
    this.#agent.destroy();
  }

  async #loop(request: () => Promise<Answer>): Promise<void> {
    while (!this.#isOver) {
      try {
        const { status, text } = await request();
        if (status === 200) this.#answers += 1;
        else this.failures.push(`${status} ${text}`);
      } catch (cause) {
        this.failures.push(String(cause));
      }
    }
  }
}
