/** Long against the minute after which an instance asks again; afterwards it has probably ended. docs/protocol/peer.md §8.5 */
const REMEMBERED_MS = 600_000;
/** Starts of one node that are remembered: one that starts more often in ten minutes has other troubles. */
const MAX_INSTANCES = 8;

/** Which instances of other nodes asked us, and when: whoever has a twin hears of it here. Times are monotonic. */
export class Visitors {
  readonly #seen = new Map<string, Map<string, number>>();

  /** Notes a question. Gives how long ago another instance with the same key asked; null when none did lately. */
  note(node: string, instance: string, nowMs: number): number | null {
    const instances = this.#seen.get(node) ?? new Map<string, number>();
    this.#seen.set(node, instances);
    for (const [known, atMs] of instances) if (nowMs - atMs > REMEMBERED_MS) instances.delete(known);
    const others = [...instances].filter(([known]) => known !== instance).map(([, atMs]) => nowMs - atMs);
    instances.delete(instance);
    instances.set(instance, nowMs);
    const [oldest] = instances.keys();
    if (instances.size > MAX_INSTANCES && oldest !== undefined) instances.delete(oldest);
    return others.length === 0 ? null : Math.min(...others);
  }

  /** Forgets all but these nodes: those of the list, so that the memory is bounded by it. */
  keep(isListed: (node: string) => boolean): void {
    for (const node of this.#seen.keys()) if (!isListed(node)) this.#seen.delete(node);
  }
}
