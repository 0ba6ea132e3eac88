export interface BenchOptions {
  /** Interleaved rounds; medians are taken over them. */
  readonly rounds: number;
  /** Length of one measurement. */
  readonly seconds: number;
  /** Names of the parts to run; all that are not optional when nothing is said. */
  readonly parts?: readonly string[];
}

export type Figures = Readonly<Record<string, number>>;

/** A part that did not come to its end. */
export interface Failure {
  readonly part: string;
  readonly cause: unknown;
}

export interface BenchResult {
  /** For people. */
  readonly table: string;
  /** For programs; names carry their units. */
  readonly figures: Figures;
  readonly failures?: readonly Failure[];
}

/** Two decimals say all that such a measurement knows. */
export const rounded = (value: number): number => Math.round(value * 100) / 100;

/** Columns of text: the first to the left, the others to the right. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
