import { connect, type Socket } from 'node:net';
import type { ByteRoom, Clock } from '#platform';
import type { Refusal, RelayFailure } from '../door.metrics.js';
import type { Relay, Relays } from '../relays/relays.js';
import type { DoorLimits } from './door-limits.js';

export interface PassageParts {
  readonly relays: Relays;
  /** Asks for the addresses of relays again. */
  readonly lookAgain: () => Promise<void>;
  readonly relayPort: number;
  readonly limits: DoorLimits;
  readonly clock: Clock;
  readonly refused: (reason: Refusal) => void;
  readonly relayFailed: (reason: RelayFailure) => void;
}

/** One connection of a client, which nobody has read yet, and the relay that it is passed on to. docs/protocol/door.md §1 */
export class Passage {
  readonly #startedMs: number;
  readonly #tried = new Set<string>();
  #onward: Socket | null = null;
  /** What the client said before a relay answered; null where no other relay can be tried with it any more. */
  #kept: Buffer[] | null = [];
  #keptBytes = 0;
  #hasLookedAgain = false;
  #isSecondTry = false;

  constructor(
    private readonly client: Socket,
    /** What each relay is told first. */
    private readonly header: Buffer,
    /** For what all clients of the port have said before a relay answered them. */
    private readonly room: ByteRoom,
    private readonly parts: PassageParts,
  ) {
    this.#startedMs = parts.clock.monotonicMs();
    client.setTimeout(parts.limits.silenceMs, () => client.destroy());
    client.on('data', (bytes: Buffer) => this.#forward(bytes));
    client.on('drain', () => this.#onward?.resume());
    client.on('end', () => {
      if (this.#isConnected) this.#onward?.end();
      client.setTimeout(parts.limits.goodbyeMs);
    });
    client.on('error', () => client.destroy()); // resets and the like are the client's own affair
    client.on('close', () => {
      this.#forget();
      this.#onward?.destroy();
    });
    this.#tryNext();
  }

  get #isConnected(): boolean {
    return this.#onward?.connecting === false;
  }

  #tryNext(): void {
    const { relays, limits, clock, lookAgain } = this.parts;
    if (this.client.destroyed) return;
    const hasTime = clock.monotonicMs() - this.#startedMs < limits.openMs;
    const relay = hasTime ? relays.next(this.#tried) : undefined;
    if (relay !== undefined) {
      this.#connect(relay);
    } else if (hasTime && !this.#hasLookedAgain && !this.#isSecondTry) {
      this.#hasLookedAgain = true;
      void lookAgain().then(() => this.#tryNext());
    } else if (this.#isSecondTry) {
      this.#refuse('relay');
    } else {
      relays.noneWorked();
      this.#refuse('no_relay');
    }
  }

  #connect(relay: Relay): void {
    const { limits, clock, relayPort: port, relays } = this.parts;
    relay.connections += 1;
    this.#tried.add(relay.address);
    const startedMs = clock.monotonicMs();
    let state: RelayFailure | 'answered' = 'refused';
    const onward = connect({ host: relay.address, port, noDelay: true, allowHalfOpen: true });
    this.#onward = onward;
    onward.setTimeout(limits.connectMs).once('timeout', () => {
      state = 'timeout';
      onward.destroy();
    });
    onward.once('connect', () => {
      onward.setTimeout(0);
      state = 'lost';
      this.#begin(onward);
    });
    onward.once('data', () => {
      state = 'answered';
      this.#forget();
      relays.worked(relay);
    });
    onward.on('data', (bytes: Buffer) => {
      if (!this.client.write(bytes) && this.client.writableLength > 0) onward.pause();
    });
    onward.on('drain', () => this.client.resume());
    onward.on('end', () => {
      if (state !== 'answered') {
        onward.destroy(); // another relay may have more to say
        return;
      }
      this.client.end();
      this.client.setTimeout(limits.goodbyeMs);
    });
    onward.on('error', () => onward.destroy()); // what becomes of it is decided when it is closed
    onward.once('close', () => {
      relay.connections -= 1;
      if (this.client.destroyed) return;
      if (state === 'answered') this.#finish(onward);
      else this.#afterFailure(relay, state, clock.monotonicMs() - startedMs);
    });
  }

  /** All that the client has said so far, behind who it is. */
  #begin(onward: Socket): void {
    onward.write(this.header);
    for (const bytes of this.#kept ?? []) onward.write(bytes);
    if (this.client.readableEnded) onward.end();
    this.client.resume();
  }

  #forward(bytes: Buffer): void {
    if (this.#kept !== null) this.#keep(bytes);
    const onward = this.#onward;
    // Asked for its length too: a large piece that went out at once needs no pause.
    if (onward !== null && !onward.write(bytes) && onward.writableLength > 0) this.client.pause();
  }

  #keep(bytes: Buffer): void {
    const isMore = this.#keptBytes + bytes.length > this.parts.limits.keptBytes;
    if (isMore || !this.room.take(bytes.length)) {
      this.#forget();
      return;
    }
    this.#keptBytes += bytes.length;
    this.#kept?.push(bytes);
  }

  #forget(): void {
    this.room.giveBack(this.#keptBytes);
    this.#keptBytes = 0;
    this.#kept = null;
  }

  /**
   * One that took the connection and closed it may have been about to go, or did not want this client: another one is
   * asked once, so that nobody makes all of them work.
   */
  #afterFailure(relay: Relay, failure: RelayFailure, tookMs: number): void {
    const { relays, limits, relayFailed } = this.parts;
    relayFailed(failure);
    this.client.pause();
    if (failure !== 'lost') {
      relays.failed(relay);
    } else if (this.#isSecondTry || this.#kept === null || tookMs > limits.retryMs) {
      this.#refuse('relay');
      return;
    } else {
      this.#isSecondTry = true;
    }
    this.#tryNext();
  }

  #refuse(reason: Refusal): void {
    this.parts.refused(reason);
    this.client.destroy();
  }

  /** What a relay said before it left still goes out; a connection that broke breaks here too. */
  #finish(onward: Socket): void {
    if (onward.readableEnded) this.client.destroySoon();
    else this.client.destroy();
  }
}
