export interface Driven {
  readonly requests: number;
  readonly seconds: number;
  /** Of each request, shortest first. */
  readonly latenciesMs: readonly number[];
}

export interface DriveOptions {
  /** Requests under way at the same time. */
  readonly workers: number;
  readonly seconds: number;
}

/** Asks again and again for a time. The first failure ends it. */
export async function drive(
  { workers, seconds }: DriveOptions,
  ask: (request: number) => Promise<void>,
): Promise<Driven> {
  const start = performance.now();
  const end = start + seconds * 1_000;
  const latenciesMs: number[] = [];
  let requests = 0;
  const work = async (): Promise<void> => {
    for (let now = performance.now(); now < end;) {
      await ask(requests++);
      const done = performance.now();
      latenciesMs.push(done - now);
      now = done;
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return { requests, seconds: (performance.now() - start) / 1_000, latenciesMs: latenciesMs.sort((a, b) => a - b) };
}

/** `share` of the values are not above it; `sorted` begins with the smallest. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
