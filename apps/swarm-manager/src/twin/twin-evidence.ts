/** How another live node with our key came to be known. docs/protocol/membership.md §8 */
export type TwinSign = 'own_address' | 'visitor' | 'peers';

/** Questions that were on their way when the instance before ended. */
const MARGIN_MS = 5_000;
/** Nodes that must say it, so that one liar raises no alarm; where fewer answer, one. */
const PEERS_WANTED = 2;
/** Long against the minute between questions: an alarm does not flicker, and ends when the twin has. */
const REMEMBERED_MS = 600_000;
/** Starts of this node's own swarm-manager that may be remembered beside this one. */
const MAX_SIBLINGS = 8;

export interface Twin {
  readonly how: TwinSign;
  /** Monotonic. */
  readonly seenMs: number;
}

/** Weighs what speaks for a second live node with our key. Times are monotonic, in ms. docs/protocol/membership.md §8 */
export class TwinEvidence {
  readonly #siblings = new Set<string>();
  /** By node: when it last said that another instance of us had asked. */
  readonly #said = new Map<string, number>();
  /** Before it, another instance may well have been ourselves. */
  #aloneSinceMs: number;
  #twin: Twin | null = null;

  /** `own`: our instance, which began at `sinceMs`. */
  constructor(
    private readonly own: string,
    sinceMs: number,
  ) {
    this.#aloneSinceMs = sinceMs;
  }

  /** Seen within the last ten minutes; null otherwise. */
  at(nowMs: number): Twin | null {
    return this.#twin !== null && nowMs - this.#twin.seenMs <= REMEMBERED_MS ? this.#twin : null;
  }

  /** Another swarm-manager on our own bus: the one before or after us, in an upgrade. */
  heardSibling(instance: string, nowMs: number): void {
    if (instance === this.own) return;
    this.#siblings.delete(instance);
    this.#siblings.add(instance);
    const [oldest] = this.#siblings;
    if (this.#siblings.size > MAX_SIBLINGS && oldest !== undefined) this.#siblings.delete(oldest);
    this.#aloneSinceMs = nowMs;
  }

  /** Who answered at our own address with our key; null when it does not say. */
  answeredAtOwnAddress(instance: string | null, nowMs: number): void {
    if (this.#isStranger(instance)) this.#see('own_address', nowMs);
  }

  /** Somebody asked us, and proved our own key. */
  visited(instance: string, nowMs: number): void {
    if (this.#isStranger(instance) && nowMs - this.#aloneSinceMs > MARGIN_MS) this.#see('visitor', nowMs);
  }

  /** What the nodes of one round say: how long ago another instance of us asked them; null: none did. */
  toldByPeers(answers: readonly { readonly node: string; readonly otherAgeMs: number | null }[], nowMs: number): void {
    for (const [node, atMs] of this.#said) if (nowMs - atMs > REMEMBERED_MS) this.#said.delete(node);
    for (const { node, otherAgeMs } of answers) {
      // One that asked before we were alone was the start before this one.
      if (otherAgeMs !== null && nowMs - otherAgeMs > this.#aloneSinceMs + MARGIN_MS) this.#said.set(node, nowMs);
    }
    const saidNow = answers.filter(({ node }) => this.#said.get(node) === nowMs).length;
    if (saidNow > 0 && this.#said.size >= Math.min(PEERS_WANTED, answers.length)) this.#see('peers', nowMs);
  }

  #isStranger(instance: string | null): boolean {
    return instance !== null && instance !== this.own && !this.#siblings.has(instance);
  }

  #see(how: TwinSign, nowMs: number): void {
    this.#twin = { how, seenMs: nowMs };
  }
}
