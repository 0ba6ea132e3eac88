/** Work that is done again and again while a service runs; the pause begins when the work of a round has ended. */
export class Rounds {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isOver = false;

  /** `round` tells how long the pause after it is, in ms. It handles its own failures: none may come out of it. */
  constructor(private readonly round: () => Promise<number>) {}

  /** The first round begins after so many ms. */
  begin(pauseMs: number): void {
    if (this.#isOver) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#run();
    }, pauseMs);
  }

  /** No round begins any more. Settles when the one that is under way has ended. */
  async end(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    this.begin(await this.round());
  }
}
