import { faultFields } from '../log/fault-fields.js';
import type { Log } from '../log/log.js';
import { endedWithin } from '../within.js';
import { BusTimeout, BusUnavailable, type Bus } from './bus.js';

export interface FeedOptions<T> {
  /** Where new values are published. */
  readonly subject: string;
  /** Where the current one can be asked for; an empty answer means there is none yet. */
  readonly currentSubject: string;
  /** May throw for what it cannot read; the last good value then stays. */
  readonly decode: (bytes: Uint8Array) => T;
  /** What an operator can do about a value that `decode` threw for; undefined where nothing is known. */
  readonly explain?: (cause: unknown) => string | undefined;
  readonly log: Log;
  readonly retryMs?: number;
}

/** Between two attempts to get a value. */
const RETRY_MS = 500;
const REQUEST_TIMEOUT_MS = 2_000;

/**
 * The latest value that somebody publishes. It is asked for at start and after each reconnect, until an answer comes:
 * what was published in between is lost. While the publisher is silent the last good value stays.
 */
export class RetainedFeed<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly #ends: (() => void)[] = [];
  #current: T | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isUpToDate = false;
  #isAsking = false;
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

  /** Ends with the first value, or after so long without one. */
  async first(timeoutMs: number): Promise<void> {
    if (this.#current !== undefined) return;
    let forget: () => void = () => undefined;
    const value = new Promise<void>((resolve) => (forget = this.onChange(() => resolve())));
    await endedWithin(value, timeoutMs);
    forget();
  }

  start(): void {
    this.#ends.push(
      this.bus.subscribe(this.options.subject, (bytes) => this.#take(bytes)),
      this.bus.onConnected(() => {
        this.#isUpToDate = false;
        void this.#ask();
      }),
    );
    void this.#ask();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#retry);
    for (const end of this.#ends.splice(0)) end();
  }

  async #ask(): Promise<void> {
    if (this.#isAsking || this.#isStopped) return;
    clearTimeout(this.#retry);
    this.#isAsking = true;
    try {
      const { currentSubject } = this.options;
      const bytes = await this.bus.request(currentSubject, new Uint8Array(), { timeoutMs: REQUEST_TIMEOUT_MS });
      if (bytes.length > 0) this.#take(bytes);
    } catch (cause) {
      const isNobodyThere = cause instanceof BusUnavailable || cause instanceof BusTimeout;
      if (!isNobodyThere) this.options.log.warn('feed_request_failed', { method: this.options.currentSubject });
    }
    this.#isAsking = false;
    this.#askLater();
  }

  #askLater(): void {
    if (this.#isUpToDate || this.#isStopped) return;
    this.#retry = setTimeout(() => void this.#ask(), this.options.retryMs ?? RETRY_MS);
  }

  #take(bytes: Uint8Array): void {
    if (this.#isStopped) return;
    let value: T;
    try {
      value = this.options.decode(bytes);
    } catch (cause) {
      // A version skew or a fault of the publisher: what we have is still better than nothing.
      const reason = this.options.explain?.(cause);
      const method = this.options.subject;
      this.options.log.warn('feed_value_unreadable', reason === undefined ? { method } : { method, reason });
      return;
    }
    this.#current = value;
    this.#isUpToDate = true;
    for (const listener of this.#listeners) this.#tell(listener, value);
  }

  /** One listener's fault must not keep the value from the others. */
  #tell(listener: (value: T) => void, value: T): void {
    try {
      listener(value);
    } catch (cause) {
      this.options.log.error('feed_listener_failed', { method: this.options.subject, ...faultFields(cause) });
    }
  }
}
