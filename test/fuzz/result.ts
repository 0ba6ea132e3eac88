import type { Input } from './storage-ways.js';

export interface FuzzOptions {
  readonly seconds: number;
  /** The same seed makes the same inputs, but for the times in them. */
  readonly seed: number;
}

export interface Finding {
  readonly problem: string;
  /** The one that did it, or the last ones before it was noticed. */
  readonly inputs: readonly Input[];
}

export interface FuzzResult {
  readonly inputs: number;
  readonly findings: readonly Finding[];
  /** How often each status was answered. */
  readonly answers: Readonly<Record<string, number>>;
}
