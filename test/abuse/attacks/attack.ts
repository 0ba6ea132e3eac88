/** Where an attack goes: one node of a devnet on this machine. */
export interface Target {
  readonly ip: string;
  readonly httpsPort: number;
  readonly peerPort: number;
  readonly ed25519: string;
  readonly x25519: string;
  /** How many connections, requests at once or packets, by the attack. */
  readonly count: number;
  /** When the attack ends by itself. */
  readonly seconds: number;
  /** Whatever else the attack wants to know. */
  readonly more: Readonly<Record<string, string>>;
}

/** What an attack saw; counts and milliseconds, the names say which. */
export type Report = Readonly<Record<string, number>>;

/** Counts by name. */
export class Tally {
  private readonly counts = new Map<string, number>();

  add(name: string, count = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + count);
  }

  most(name: string, value: number): void {
    this.counts.set(name, Math.max(this.counts.get(name) ?? 0, value));
  }

  get report(): Report {
    return Object.fromEntries(this.counts);
  }
}

/** Counts what it sees, and ends when it is through, when its time is over or when it is told to stop. */
export type Attack = (target: Target, stopped: AbortSignal, tally: Tally) => Promise<void>;

/** The sources of an attack that comes from many addresses: all of 127.0.0.0/8 is this machine. */
export function sourceAddress(index: number, sources: number): string {
  const number = index % sources;
  return `127.0.${1 + Math.floor(number / 250)}.${1 + (number % 250)}`;
}

/** True from the moment at which the attack has to end. */
export function timeOver({ seconds }: Pick<Target, 'seconds'>, stopped: AbortSignal): () => boolean {
  const end = process.hrtime.bigint() + BigInt(Math.round(seconds * 1e9));
  return () => stopped.aborted || process.hrtime.bigint() >= end;
}

/** The same work so many times at once, each again and again until the time is over. */
export async function workers(
  target: Target,
  stopped: AbortSignal,
  work: (index: number) => Promise<void>,
): Promise<void> {
  const isOver = timeOver(target, stopped);
  await Promise.all(
    Array.from({ length: target.count }, async (_, index) => {
      while (!isOver()) await work(index);
    }),
  );
}
