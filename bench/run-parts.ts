import type { BenchOptions, BenchResult } from './result.js';

export type BenchParts = Readonly<Record<string, (options: BenchOptions) => Promise<BenchResult>>>;

/**
 * Runs the parts that were asked for, or all but the optional ones, one after the other; says on standard error which one
 * runs. Throws for a part that there is not.
 */
export async function runParts(
  bench: string,
  parts: BenchParts,
  optional: ReadonlySet<string>,
  options: BenchOptions,
): Promise<BenchResult> {
  const names = options.parts ?? Object.keys(parts).filter((name) => !optional.has(name));
  const results: BenchResult[] = [];
  for (const name of names) {
    const part = parts[name];
    if (part === undefined) throw new Error(`no part ${name}: there are ${Object.keys(parts).join(', ')}`);
    process.stderr.write(`${bench}: ${name} …\n`);
    results.push(await part(options));
  }
  const figures = Object.fromEntries(results.flatMap((result) => Object.entries(result.figures)));
  return { table: results.map(({ table }) => table).join('\n\n'), figures };
}
