export interface BenchOptions {
  /** Interleaved rounds; medians are taken over them. */
  readonly rounds: number;
  /** Length of one measurement. */
  readonly seconds: number;
}

export interface BenchResult {
  /** For people. */
  readonly table: string;
  /** For programs; names carry their units. */
  readonly figures: Readonly<Record<string, number>>;
}
