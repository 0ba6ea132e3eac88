/**
 * usage: npm run bench -- commits|layouts|relay|storage [--json] [--rounds N] [--seconds S] [--parts NAME,…] [--profile]
 * Prints a table; with --json one JSON object as its last line. Exit code 1 when a part failed, after the figures of the
 * others.
 */
import { constants } from 'node:os';
import { inspect, parseArgs } from 'node:util';
import { benchCommits } from './commits.js';
import { benchLayouts } from './layouts.js';
import { benchRelay } from './relay.js';
import type { BenchOptions, BenchResult } from './result.js';
import { benchStorage } from './storage.js';

const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<BenchResult>>> = {
  commits: benchCommits,
  layouts: benchLayouts,
  relay: benchRelay,
  storage: benchStorage,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '3' },
    parts: { type: 'string' },
    profile: { type: 'boolean', default: false },
  },
});
const name = positionals[0] ?? '';
const bench = BENCHES[name];
const options = {
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  ...(values.parts !== undefined && { parts: values.parts.split(',') }),
  ...(values.profile && { parts: ['profile'] }),
};
if (bench === undefined || !(options.rounds >= 1) || !(options.seconds > 0)) {
  process.stderr.write(
    `usage: npm run bench -- ${Object.keys(BENCHES).join('|')} [--json] [--rounds N] [--seconds S] [--parts NAME,…] [--profile]\n`,
  );
  process.exit(2);
}
// Whatever runs for a bench goes with it.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => process.exit(128 + constants.signals[name]));
}
const { table, figures, failures = [] } = await bench(options);
for (const { part, cause } of failures) process.stderr.write(`${name}: ${part} failed: ${inspect(cause)}\n`);
process.stdout.write(`${table}\n`);
if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
if (failures.length > 0) process.exitCode = 1;
