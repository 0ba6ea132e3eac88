import type { Findings } from './compare.js';

/** What a whole replay came to. */
export interface GoldenSum {
  readonly exchanges: number;
  /** Ids of the exchanges with a difference that nobody intended. */
  readonly unexplained: readonly string[];
  /** In how many exchanges each intended difference was met. */
  readonly intended: Readonly<Record<string, number>>;
}

/** Counts what was found exchange by exchange. */
export class Ledger {
  #exchanges = 0;
  readonly #unexplained: string[] = [];
  readonly #intended = new Map<string, number>();

  /** `otherwise` is the decision by which the whole answer differs. */
  enter(exchange: string, { unexplained, intended }: Findings, otherwise: string | undefined): void {
    this.#exchanges += 1;
    if (unexplained.length > 0 && otherwise === undefined) this.#unexplained.push(exchange);
    const met = unexplained.length > 0 && otherwise !== undefined ? [...intended, otherwise] : intended;
    for (const id of met) this.#intended.set(id, this.timesMet(id) + 1);
  }

  timesMet(id: string): number {
    return this.#intended.get(id) ?? 0;
  }

  sum(): GoldenSum {
    const intended = Object.fromEntries([...this.#intended].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    return { exchanges: this.#exchanges, unexplained: this.#unexplained, intended };
  }
}
