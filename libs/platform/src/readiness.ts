/** What keeps this service from working right now; feeds `/health/ready`. */
export class Readiness {
  readonly #problems = new Map<string, string>();

  /** Told after each change. */
  onChange: (() => void) | undefined;

  /** `problem` is a sentence for the operator; null when all is well. */
  set(name: string, problem: string | null): void {
    if (problem === null) this.#problems.delete(name);
    else this.#problems.set(name, problem);
    this.onChange?.();
  }

  problems(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#problems);
  }

  get isReady(): boolean {
    return this.#problems.size === 0;
  }
}
