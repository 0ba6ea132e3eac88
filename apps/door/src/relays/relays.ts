import type { Clock } from '#platform';

export interface Relay {
  readonly address: string;
  /** Of this door, on both ports, those that are being opened included. */
  connections: number;
  /** When it last took no connection, on the clock that only grows; null since it took one. */
  failedAtMs: number | null;
}

/** So long others are preferred to one that failed: the time in which a look-up or a new start changes things. */
const AVOID_MS = 2_000;
/** More replicas than one door could fill; a name with more is not one of relays. */
const MAX_RELAYS = 64;

/** The relays behind the door, and which one comes next. docs/protocol/door.md §1.2 */
export class Relays {
  /** By address; of those that are alike the first was chosen longest ago. */
  readonly #known = new Map<string, Relay>();
  #areServing = true;

  constructor(
    private readonly clock: Clock,
    /** Told when no relay takes connections, and when one does again. */
    private readonly tell: (areServing: boolean) => void = () => undefined,
  ) {}

  get count(): number {
    return this.#known.size;
  }

  /** From now on these. What is known of those that stay is kept; connections to others go on. */
  set(addresses: readonly string[]): void {
    const wanted = new Set([...new Set(addresses)].slice(0, MAX_RELAYS));
    for (const address of this.#known.keys()) if (!wanted.has(address)) this.#known.delete(address);
    for (const address of wanted) {
      if (!this.#known.has(address)) this.#known.set(address, { address, connections: 0, failedAtMs: null });
    }
  }

  /** The best one that is not among those tried; undefined when all have been. */
  next(tried: ReadonlySet<string>): Relay | undefined {
    let best: Relay | undefined;
    for (const relay of this.#known.values()) {
      if (!tried.has(relay.address) && (best === undefined || this.#isBetter(relay, best))) best = relay;
    }
    if (best === undefined) return undefined;
    this.#known.delete(best.address);
    this.#known.set(best.address, best);
    return best;
  }

  failed(relay: Relay): void {
    relay.failedAtMs = this.clock.monotonicMs();
  }

  worked(relay: Relay): void {
    relay.failedAtMs = null;
    this.#serve(true);
  }

  /** All were tried in vain. */
  noneWorked(): void {
    this.#serve(false);
  }

  #serve(areServing: boolean): void {
    if (areServing === this.#areServing) return;
    this.#areServing = areServing;
    this.tell(areServing);
  }

  #isBetter(one: Relay, other: Relay): boolean {
    const [isAvoided, otherIsAvoided] = [this.#isAvoided(one), this.#isAvoided(other)];
    return isAvoided === otherIsAvoided ? one.connections < other.connections : otherIsAvoided;
  }

  #isAvoided({ failedAtMs }: Relay): boolean {
    return failedAtMs !== null && this.clock.monotonicMs() - failedAtMs < AVOID_MS;
  }
}
