import { decodeNewMessage, newMessageShard, newMessageSubject } from '#contracts';
import type { Bus } from '#platform';
import type { Notification, Primitives } from '#protocol';

/** New messages that storage tells of, in the shards that hold accounts somebody here watches. */
export class ShardFeed {
  /** Watched accounts of each shard, and how to stop listening there. */
  readonly #shards = new Map<number, { accounts: number; readonly end: () => void }>();
  #listener: (message: Notification) => void = () => undefined;
  #isSettled = true;

  constructor(
    private readonly bus: Bus,
    private readonly primitives: Primitives,
  ) {}

  /** Shards that this process listens to. */
  get size(): number {
    return this.#shards.size;
  }

  onMessage(listener: (message: Notification) => void): void {
    this.#listener = listener;
  }

  /** Counts one more watcher of the account. */
  listen(account: Uint8Array): void {
    const shard = newMessageShard(this.primitives, account);
    const known = this.#shards.get(shard);
    if (known !== undefined) {
      known.accounts += 1;
      return;
    }
    const end = this.bus.subscribe(newMessageSubject(shard), (frame) => this.#listener(decodeNewMessage(frame)));
    this.#shards.set(shard, { accounts: 1, end });
    this.#isSettled = false;
  }

  /** Counts one less. */
  ignore(account: Uint8Array): void {
    const shard = newMessageShard(this.primitives, account);
    const known = this.#shards.get(shard);
    if (known === undefined) return;
    known.accounts -= 1;
    if (known.accounts > 0) return;
    known.end();
    this.#shards.delete(shard);
  }

  /** Settles when what is published from now on is heard, or when the time is over. */
  async settled(timeoutMs: number): Promise<void> {
    if (!this.#isSettled) this.#isSettled = await this.bus.flushed(timeoutMs);
  }
}
