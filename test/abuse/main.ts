/**
 * usage: npm run abuse [-- <case>…] [--list] [--json]
 * Plays attacks against a node on this machine, one after the other, and says which resource stayed bounded. Exit code
 * 1 when one did not, or when a case was skipped, so that nobody knows. With --json one more line is one object.
 */
import { parseArgs } from 'node:util';
import { Arena } from './arena.js';
import { CASES, type AbuseCase } from './cases.js';
import { holds, sentenceOf, type Finding } from './finding.js';

/** A delay that is the node’s own is there again. */
const TRIES = 2;
/** All cases take ten minutes on a machine without other work; no case begins after this. */
const BEGIN_WITHIN_MS = 14 * 60_000;
/** Where a process is watched from outside. */
const SYSTEM = 'linux';

interface Result {
  readonly name: string;
  readonly verdict: 'passed' | 'failed' | 'skipped';
  readonly findings: readonly Finding[];
  /** What kept the case from an end, in words. */
  readonly trouble?: string;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const lastBeginMs = performance.now() + BEGIN_WITHIN_MS;

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
if (process.platform !== SYSTEM) {
  process.stderr.write('the resources of a process are read from /proc, which this system does not have\n');
  process.exit(2);
}
const chosen = positionals.length === 0 ? CASES : CASES.filter(({ name }) => positionals.includes(name));

const results: Result[] = [];
for (const each of chosen) {
  const result = await resultOf(each);
  results.push(result);
  say(`case ${each.name.padEnd(width)}  ${result.verdict.padEnd(7)}  ${told(result)}`);
}
const number = (verdict: Result['verdict']): number => results.filter((each) => each.verdict === verdict).length;
say(`${number('passed')} passed, ${number('failed')} failed, ${number('skipped')} skipped`);
if (values.json) say(JSON.stringify({ cases: results }));
process.exit(number('passed') === results.length ? 0 : 1);

async function resultOf(each: AbuseCase): Promise<Result> {
  const { name } = each;
  const hindrance = hasTime() ? each.hindrance?.() : 'there is no time left for it';
  if (hindrance !== undefined) return { name, verdict: 'skipped', findings: [], trouble: hindrance };
  try {
    let findings = await play(each);
    for (let again = 1; again < TRIES && onlyDelays(findings) && hasTime(); again += 1) findings = await play(each);
    return { name, verdict: findings.every(holds) ? 'passed' : 'failed', findings };
  } catch (cause) {
    return { name, verdict: 'failed', findings: [], trouble: cause instanceof Error ? cause.message : String(cause) };
  }
}

function hasTime(): boolean {
  return performance.now() < lastBeginMs;
}

/** Of a failed case only what failed. */
function told({ verdict, findings, trouble }: Result): string {
  if (trouble !== undefined) return trouble;
  return findings
    .filter((finding) => verdict === 'passed' || !holds(finding))
    .map(sentenceOf)
    .join('; ');
}

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
