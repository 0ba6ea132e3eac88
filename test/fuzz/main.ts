/**
 * usage: npm run fuzz -- storage [--seconds S] [--seed N]
 * Ends with one line and the code 0, or with 1 and a file of the inputs that did it.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Finding, FuzzOptions, FuzzResult } from './result.js';
import { fuzzStorage } from './storage.js';

const TARGETS: Readonly<Record<string, (options: FuzzOptions) => Promise<FuzzResult>>> = { storage: fuzzStorage };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '120' }, seed: { type: 'string', default: String(process.pid) } },
});
const name = positionals[0] ?? '';
const fuzz = TARGETS[name];
const options = { seconds: Number(values.seconds), seed: Number(values.seed) };
if (fuzz === undefined || !(options.seconds > 0) || !Number.isInteger(options.seed)) {
  process.stderr.write(`usage: npm run fuzz -- ${Object.keys(TARGETS).join('|')} [--seconds S] [--seed N]\n`);
  process.exit(2);
}
process.stderr.write(`${name}: ${options.seconds} s of requests with seed ${options.seed} …\n`);
const { inputs, findings, answers } = await fuzz(options);
for (const finding of findings) process.stdout.write(`${finding.problem}\ninputs: ${written(finding)}\n`);
const told = Object.entries(answers).map(([status, count]) => `${status}: ${count}`);
process.stdout.write(
  `${name}: ${inputs} inputs, seed ${options.seed}, ${findings.length === 0 ? 'clean' : 'FAILED'} (answers ${told.join(', ')})\n`,
);
process.exit(findings.length === 0 ? 0 : 1);

/** Bodies as base64, one input a line. */
function written({ inputs: culprits }: Finding): string {
  const file = join(mkdtempSync(join(tmpdir(), 'starling-fuzz-')), 'inputs.jsonl');
  const lines = culprits.map(({ body, ...rest }) =>
    JSON.stringify({ ...rest, body: Buffer.from(body).toString('base64') }),
  );
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
