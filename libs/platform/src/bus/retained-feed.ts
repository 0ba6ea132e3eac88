import type { Log } from '../log/log.js';
import { BusTimeout, BusUnavailable, type Bus } from './bus.js';

export interface FeedOptions<T> {
  /** Where new values are published. */
  readonly subject: string;
  /** Where the current one can be asked for; an empty answer means there is none yet. */
  readonly currentSubject: string;
  /** May throw for what it cannot read; the last good value then stays. */
  readonly decode: (bytes: Uint8Array) => T;
  readonly log: Log;
}

/** Between two attempts to get a first value. */
const RETRY_MS = 500;
const REQUEST_TIMEOUT_MS = 2_000;

/** The latest value that somebody publishes: asked for at start and after each reconnect, kept while it is silent. */
export class RetainedFeed<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly #ends: (() => void)[] = [];
  #current: T | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(
    private readonly bus: Bus,
    private readonly options: FeedOptions<T>,
  ) {}

  get current(): T | undefined {
    return this.#current;
  }

  onChange(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    this.#ends.push(
      this.bus.subscribe(this.options.subject, (bytes) => this.#take(bytes)),
      this.bus.onConnected(() => void this.#ask()),
    );
    void this.#ask();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#retry);
    for (const end of this.#ends) end();
  }

  async #ask(): Promise<void> {
    clearTimeout(this.#retry);
    try {
      const bytes = await this.bus.request(this.options.currentSubject, new Uint8Array(), {
        timeoutMs: REQUEST_TIMEOUT_MS,
      });
      if (bytes.length > 0) this.#take(bytes);
    } catch (cause) {
      const isNobodyThere = cause instanceof BusUnavailable || cause instanceof BusTimeout;
      if (!isNobodyThere) this.options.log.warn('feed_request_failed', { method: this.options.currentSubject });
    }
    if (this.#current === undefined && !this.#isStopped) this.#retry = setTimeout(() => void this.#ask(), RETRY_MS);
  }

  #take(bytes: Uint8Array): void {
    if (this.#isStopped) return;
    try {
      this.#current = this.options.decode(bytes);
    } catch {
      // A version skew or a fault of the publisher: what we have is still better than nothing.
      this.options.log.warn('feed_value_unreadable', { method: this.options.subject });
      return;
    }
    for (const listener of this.#listeners) listener(this.#current);
  }
}
