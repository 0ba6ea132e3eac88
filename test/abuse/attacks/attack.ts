import { setTimeout as pause } from 'node:timers/promises';

/** Where an attack goes: one node of a devnet on this machine. */
export interface Target {
  readonly ip: string;
  readonly httpsPort: number;
  readonly peerPort: number;
  readonly ed25519: string;
  readonly x25519: string;
  /** How many connections, or requests at once, by the attack. */
  readonly count: number;
  /** Attempts begun in a second, at the most: what is to be measured is the node, not how fast this machine attacks. */
  readonly perSecond: number;
  /** For how long attempts are begun. */
  readonly seconds: number;
  /** How long an attempt may take: what the node has not ended by then, the attacker leaves. */
  readonly patienceMs: number;
  /** Whatever else the attack wants to know. */
  readonly more: Readonly<Record<string, string>>;
}

/** What an attack saw; counts and milliseconds, the names say which. */
export type Report = Readonly<Record<string, number>>;

/**
 * What became of one attempt: an answer in words; a connection that the node did not take, or whose handshake it did not
 * end; one that it took and closed without an answer; one that it kept for as long as the attacker cared.
 */
export const OUTCOMES = ['answered', 'refused', 'closed', 'kept'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Counts by name. */
export class Tally {
  private readonly counts = new Map<string, number>();

  /** To be followed by `ended`, unless the attack is over before. */
  begun(): void {
    this.add('attempted');
  }

  ended(outcome: Outcome): void {
    this.add(outcome);
  }

  answered(status: number): void {
    this.ended('answered');
    this.add(`status_${status}`);
  }

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

/** Counts what it sees, and ends when it is through, or when its time is over, or when it is told to stop. */
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

/** What was late, because the node or this machine was busy, is made up for at once; no more than a second of it. */
const CATCH_UP_MS = 1_000;

/** Resolves when the next attempt may begin. */
export function pace(perSecond: number): () => Promise<void> {
  const everyMs = 1_000 / perSecond;
  let dueMs = performance.now();
  return async () => {
    const now = performance.now();
    const waitMs = dueMs - now;
    dueMs = Math.max(dueMs, now - CATCH_UP_MS) + everyMs;
    if (waitMs > 0) await pause(waitMs);
  };
}

/** The same work so many times at once, each again and again until the time is over. */
export async function workers(
  target: Target,
  stopped: AbortSignal,
  work: (index: number) => Promise<void>,
): Promise<void> {
  const isOver = timeOver(target, stopped);
  const mayBegin = pace(target.perSecond);
  await Promise.all(
    Array.from({ length: target.count }, async (_, index) => {
      for (;;) {
        await mayBegin();
        if (isOver()) return;
        await work(index);
      }
    }),
  );
}
