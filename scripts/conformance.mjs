// `npm run conformance [-- storage onion golden] [--json]`: which of the numbered cases of the protocol hold, and in what
// our answers differ from the recorded ones. Ends with 1 when a case fails, when a number has no test, and when a
// difference is not among the intended ones.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { judgeCases, leftOutLines, readCaseList } from './lib/cases.mjs';
import { countsOf, runJest } from './lib/jest.mjs';
import { checkNode, ensureBuilt, ensureInstalled, ROOT } from './lib/prepare.mjs';
import { fail, say } from './lib/say.mjs';
import { ensureServers } from './lib/servers.mjs';

const NUMBERED = ['storage', 'onion'];
const SUITES = [...NUMBERED, 'golden'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false } },
});
const unknown = positionals.filter((name) => !SUITES.includes(name));
if (unknown.length > 0) fail(`there is no suite ${unknown.join(', ')}; suites are ${SUITES.join(', ')}.`);
const chosen = positionals.length > 0 ? SUITES.filter((name) => positionals.includes(name)) : SUITES;

checkNode();
await ensureInstalled();
await ensureBuilt();
process.env.STARLING_TEST_SERVERS = await ensureServers();

const total = { passed: 0, failed: 0, skipped: 0 };
const suites = {};
for (const name of chosen) {
  say(`\n=== ${name}`);
  suites[name] = name === 'golden' ? await runGolden() : await runNumbered(name);
  for (const kind of Object.keys(total)) total[kind] += suites[name].tests[kind];
}
const holds = Object.values(suites).every(({ ok }) => ok);
if (values.json) print(JSON.stringify({ ok: holds, suites, total }));
else for (const { lines } of Object.values(suites)) lines.forEach(print);
print(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(holds ? 0 : 1);

/** A case holds when it has tests and all of them passed. */
async function runNumbered(name) {
  const list = readCaseList(join(ROOT, 'test/conformance', name, 'cases.json'));
  const outcome = await runJest([
    '--runInBand', // one network at a time
    '--selectProjects',
    'conformance',
    '--testPathPatterns',
    `test/conformance/${name}/`,
  ]);
  const { held, failed, missing, unlisted } = judgeCases(list.ids, outcome.report?.testResults ?? []);
  const tests = countsOf(outcome);
  const lines = [`${name}: ${held.length} of ${list.ids.length}`];
  if (failed.length > 0) lines.push(`${name}: failed: ${failed.join(', ')}`);
  if (missing.length > 0) lines.push(`${name}: without a test: ${missing.join(', ')}`);
  if (unlisted.length > 0) lines.push(`${name}: tests of numbers that are in no list: ${unlisted.join(', ')}`);
  for (const line of leftOutLines(list.leftOut)) lines.push(`${name}: ${line}`);
  const ok = held.length === list.ids.length && unlisted.length === 0 && tests.failed === 0;
  return { ok, held: held.length, of: list.ids.length, failed, missing, unlisted, leftOut: list.leftOut, tests, lines };
}

/** What differs, and how often, is told by the test itself. */
async function runGolden() {
  const folder = mkdtempSync(join(tmpdir(), 'starling-golden-'));
  const file = join(folder, 'golden.json');
  const outcome = await runJest(['--selectProjects', 'network', '--testPathPatterns', 'test/compat/golden'], {
    STARLING_GOLDEN_REPORT: file,
  });
  const { exchanges, unexplained, intended } = readGolden(file);
  rmSync(folder, { recursive: true });
  const tests = countsOf(outcome);
  const lines = [`golden: ${exchanges} exchanges, ${unexplained.length} unexplained differences`];
  for (const id of unexplained) lines.push(`golden: unexplained: ${id}`);
  for (const [id, count] of Object.entries(intended)) lines.push(`golden: intended ${id}: ${count}`);
  const ok = exchanges > 0 && unexplained.length === 0 && tests.failed === 0;
  return { ok, exchanges, unexplained, intended, tests, lines };
}

function readGolden(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { exchanges: 0, unexplained: [], intended: {} }; // the tests did not come so far: they have failed
  }
}

function print(line) {
  process.stdout.write(`${line}\n`);
}
