import type { ServiceNode } from './service-node.js';

/** docs/protocol/onion.md §8.6: three strikes drop a node. */
const STRIKES_TO_SET_ASIDE = 3;
/**
 * How long a node stays set aside. Short, because anybody on a path can blame the next node: blame must not be able
 * to shrink the network for long. The strikes stay, so the next failure sets it aside again at once.
 */
const SET_ASIDE_MS = 60_000;

interface Standing {
  strikes: number;
  setAsideUntilMs: number;
}

/** The known nodes and what we have seen of them. Times are monotonic milliseconds. */
export class NodePool {
  private nodes = new Map<string, ServiceNode>();
  private readonly standings = new Map<string, Standing>();

  constructor(private readonly monotonicMs: () => number) {}

  /** Takes a new list; what was seen of nodes that stay is kept. */
  replace(list: readonly ServiceNode[]): void {
    this.nodes = new Map(list.map((node) => [node.ed25519, node]));
    for (const id of this.standings.keys()) if (!this.nodes.has(id)) this.standings.delete(id);
  }

  get(id: string): ServiceNode | undefined {
    return this.nodes.get(id);
  }

  /** How many nodes the list has, usable or not. */
  get size(): number {
    return this.nodes.size;
  }

  all(): ServiceNode[] {
    return [...this.nodes.values()];
  }

  /** The nodes that are not set aside. */
  usable(): ServiceNode[] {
    const now = this.monotonicMs();
    return this.all().filter(({ ed25519 }) => (this.standings.get(ed25519)?.setAsideUntilMs ?? now) <= now);
  }

  isUsable(id: string): boolean {
    return this.nodes.has(id) && (this.standings.get(id)?.setAsideUntilMs ?? 0) <= this.monotonicMs();
  }

  strikesOf(id: string): number {
    return this.standings.get(id)?.strikes ?? 0;
  }

  /** Counts a failure; true when the node is now set aside. */
  strike(id: string): boolean {
    const standing = this.standingOf(id);
    standing.strikes = Math.min(standing.strikes + 1, STRIKES_TO_SET_ASIDE);
    if (standing.strikes < STRIKES_TO_SET_ASIDE) return false;
    this.setAside(id);
    return true;
  }

  setAside(id: string): void {
    this.standingOf(id).setAsideUntilMs = this.monotonicMs() + SET_ASIDE_MS;
  }

  /** It worked: earlier failures no longer count. */
  clear(id: string): void {
    this.standings.delete(id);
  }

  /** For when nothing else is left: everybody gets another chance. */
  forgiveAll(): void {
    this.standings.clear();
  }

  /** The list says it is there, the network says it is not. */
  remove(id: string): void {
    this.nodes.delete(id);
    this.standings.delete(id);
  }

  private standingOf(id: string): Standing {
    const standing = this.standings.get(id) ?? { strikes: 0, setAsideUntilMs: 0 };
    if (this.nodes.has(id)) this.standings.set(id, standing);
    return standing;
  }
}
