/**
 * usage: npm run abuse [-- <case>…] [--list] [--json]
 * Plays attacks against a node on this machine, one after the other, and says which resource stayed bounded. Exit code
 * 1 when one did not. With --json the last line is one object.
 */
import { parseArgs } from 'node:util';
import { Arena } from './arena.js';
import { CASES, type AbuseCase } from './cases.js';
import { holds, sentenceOf, type Finding } from './finding.js';

/** A delay that is the node’s own is there again. */
const TRIES = 2;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { list: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
});
const width = Math.max(...CASES.map(({ name }) => name.length));
if (values.list) {
  for (const { name, about } of CASES) say(`${name.padEnd(width)}  ${about}`);
  process.exit(0);
}
const unknown = positionals.filter((name) => !CASES.some((each) => each.name === name));
if (unknown.length > 0) {
  process.stderr.write(`there is no case ${unknown.join(', ')}; --list shows them\n`);
  process.exit(2);
}
const chosen = positionals.length === 0 ? CASES : CASES.filter(({ name }) => positionals.includes(name));

const results: { name: string; findings: readonly Finding[] }[] = [];
for (const each of chosen) {
  let findings = await play(each);
  for (let again = 1; again < TRIES && onlyDelays(findings); again += 1) findings = await play(each);
  results.push({ name: each.name, findings });
  const verdict = findings.every(holds) ? 'ok' : 'FAILED';
  const told = verdict === 'ok' ? findings : findings.filter((finding) => !holds(finding));
  say(`case ${each.name.padEnd(width)}  ${verdict.padEnd(6)}  ${told.map(sentenceOf).join('; ')}`);
}
const failed = results.filter(({ findings }) => !findings.every(holds));
say(`${results.length} cases, ${failed.length} failed${failed.map(({ name }) => ` ${name}`).join(',')}`);
if (values.json) say(JSON.stringify({ cases: results.map((each) => ({ ...each, ok: each.findings.every(holds) })) }));
process.exit(failed.length === 0 ? 0 : 1);

/** Whether nothing failed but delays, which a machine with other work makes too: they are measured again. */
function onlyDelays(findings: readonly Finding[]): boolean {
  const broken = findings.filter((finding) => !holds(finding));
  return broken.length > 0 && broken.every(({ isDelay }) => isDelay);
}

async function play({ network, run }: AbuseCase): Promise<Finding[]> {
  const arena = await Arena.open((await network?.()) ?? {});
  try {
    return await run(arena);
  } finally {
    await arena.close();
  }
}
