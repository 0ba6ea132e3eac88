import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { endedWithin, type Clock, type Log, type Readiness } from '#platform';
import type { HostLookUp } from './host-look-up.js';
import type { Relays } from './relays.js';

export interface RelayWatchParts {
  readonly names: readonly string[];
  readonly lookUp: HostLookUp;
  readonly relays: Relays;
  readonly readiness: Readiness;
  readonly log: Log;
  readonly clock: Clock;
}

/** A new relay is found within this time; the name server of a composition answers from memory. */
const LOOK_EVERY_MS = 2_000;
/** Connections that find no relay ask for a look-up each; they get what is no older than this. */
const FRESH_MS = 200;
/** After this a look-up goes on by itself: what it brings comes too late for who waits. */
const WAIT_MS = 2_000;

/** Keeps `Relays` as the names have it. Names whose look-up fails keep their last addresses. docs/protocol/door.md §1.5 */
export class RelayWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #addresses = new Map<string, readonly string[]>();
  readonly #failing = new Set<string>();
  #running: Promise<void> | undefined;
  #lookedAtMs = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: RelayWatchParts) {}

  async onApplicationBootstrap(): Promise<void> {
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
    await this.look();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  /** Settles when `Relays` is up to date, or when that takes too long. Never rejects. */
  async look(): Promise<void> {
    const { clock } = this.parts;
    if (this.#running === undefined && clock.monotonicMs() - this.#lookedAtMs < FRESH_MS) return;
    this.#running ??= this.#lookUpAll().finally(() => {
      this.#running = undefined;
      this.#lookedAtMs = clock.monotonicMs();
    });
    await endedWithin(this.#running, WAIT_MS);
  }

  async #lookUpAll(): Promise<void> {
    const { names, relays, readiness, log } = this.parts;
    const before = relays.count;
    await Promise.all(names.map((name) => this.#lookUp(name)));
    relays.set([...this.#addresses.values()].flat());
    if (relays.count !== before) log.info('relays_found', { count: relays.count });
    readiness.set('relays', relays.count > 0 ? null : 'DOOR_RELAYS has no address; see that a relay runs');
  }

  async #lookUp(name: string): Promise<void> {
    try {
      this.#addresses.set(name, await this.parts.lookUp.addressesOf(name));
      this.#failing.delete(name);
    } catch (cause) {
      if (this.#failing.has(name)) return; // told when it began
      this.#failing.add(name);
      const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
      this.parts.log.warn('relay_look_up_failed', { reason });
    }
  }
}
