import type { BenchOptions, BenchResult, Failure } from './result.js';

export type BenchParts = Readonly<Record<string, (options: BenchOptions) => Promise<BenchResult>>>;

/**
 * Runs the parts that were asked for, or all but the optional ones, one after the other; says on standard error which one
 * runs. One that fails is told with the others' figures, which may have taken minutes. Throws for a part that there is not.
 */
export async function runParts(
  bench: string,
  parts: BenchParts,
  optional: ReadonlySet<string>,
  options: BenchOptions,
): Promise<BenchResult> {
  const names = options.parts ?? Object.keys(parts).filter((name) => !optional.has(name));
  const chosen = names.map((name) => {
    const part = parts[name];
    if (part === undefined) throw new Error(`no part ${name}: there are ${Object.keys(parts).join(', ')}`);
    return [name, part] as const;
  });
  const results: BenchResult[] = [];
  const failures: Failure[] = [];
  for (const [part, run] of chosen) {
    process.stderr.write(`${bench}: ${part} …\n`);
    try {
      results.push(await run(options));
    } catch (cause) {
      failures.push({ part, cause });
    }
  }
  const figures = Object.fromEntries(results.flatMap((result) => Object.entries(result.figures)));
  return { table: results.map(({ table }) => table).join('\n\n'), figures, failures };
}
