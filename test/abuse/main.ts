/**
 * usage: npm run abuse [-- <case>…] [--list] [--json]
 * Plays attacks against a node on this machine, one after the other, and says which resource stayed bounded. Exit code
 * 1 when one did not, or when a case was skipped, so that nobody knows. With --json one more line is one object.
 */
import { parseArgs } from 'node:util';
import { Arena, counted } from './arena.js';
import { CASES, type AbuseCase } from './cases.js';
import { atLeast, holds, sentenceOf, type Finding } from './finding.js';
import { storyOf } from './story.js';
import { unharmed } from './unharmed.js';

/** A delay that is the node’s own is there again. */
const TRIES = 2;
/** All cases take ten minutes on a machine without other work; no case begins after this. */
const BEGIN_WITHIN_MS = 14 * 60_000;
/** Where a process is watched from outside. */
const SYSTEM = 'linux';
const INTERRUPTED = 'interrupted';

interface Played {
  /** What was attempted and what became of it. */
  readonly story: string;
  readonly findings: readonly Finding[];
}

interface Result extends Played {
  readonly name: string;
  readonly verdict: 'passed' | 'failed' | 'skipped';
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

// What is running is ended in order, also when a signal comes twice: from the terminal, and from whoever runs us in it.
const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interruption.abort(name));
const { signal: interrupted } = interruption;

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
  const hindrance = reasonToSkip() ?? each.hindrance?.();
  if (hindrance !== undefined) return { name, verdict: 'skipped', story: '', findings: [], trouble: hindrance };
  try {
    let played = await play(each);
    for (let again = 1; again < TRIES && onlyDelays(played.findings) && reasonToSkip() === undefined; again += 1) {
      played = await play(each);
    }
    return { name, verdict: played.findings.every(holds) ? 'passed' : 'failed', ...played };
  } catch (cause) {
    const trouble = interrupted.aborted ? INTERRUPTED : cause instanceof Error ? cause.message : String(cause);
    return { name, verdict: 'failed', story: '', findings: [], trouble };
  }
}

function reasonToSkip(): string | undefined {
  if (interrupted.aborted) return INTERRUPTED;
  return performance.now() < lastBeginMs ? undefined : 'there is no time left for it';
}

/** Of a failed case only what failed. */
function told({ verdict, story, findings, trouble }: Result): string {
  if (trouble !== undefined) return trouble;
  const shown = findings.filter((finding) => verdict === 'passed' || !holds(finding));
  return [story, ...shown.map(sentenceOf)].join('; ');
}

/** Whether nothing failed but delays, which a machine with other work makes too: they are measured again. */
function onlyDelays(findings: readonly Finding[]): boolean {
  const broken = findings.filter((finding) => !holds(finding));
  return broken.length > 0 && broken.every(({ isDelay }) => isDelay);
}

async function play({ network, onslaught, attempts, judge, times }: AbuseCase): Promise<Played> {
  const arena = await Arena.open((await network?.()) ?? {});
  try {
    const after = await arena.suffer(onslaught(arena), interrupted);
    const attempted = atLeast('attempts', attempts, counted(after, 'attempted'));
    return {
      story: storyOf(after.report),
      findings: [attempted, ...(await judge(after, arena)), ...unharmed(after, times)],
    };
  } finally {
    await arena.close();
  }
}
