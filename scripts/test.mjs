// `npm test`: sets up what is missing, runs every check and every test, ends with one line of counts.
// `npm test -- --only unit,network` runs some of the parts.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { countsOf, runJest } from './lib/jest.mjs';
import { checkNode, ensureBuilt, ensureInstalled, ROOT } from './lib/prepare.mjs';
import { npmCommand, run } from './lib/run.mjs';
import { fail, say } from './lib/say.mjs';
import { ensureServers } from './lib/servers.mjs';

/** The longest first: two run at a time. */
const CHECKS = [
  'check:lint',
  'check:types',
  'check:format',
  'check:imports',
  'check:unused',
  'check:settings',
  'check:docs',
  'check:dependencies',
];
const CHECKS_AT_A_TIME = 2;

/** Jest would leave one core idle, which is half of a small machine; tests wait more than they compute. */
const ON_ALL_CORES = `--maxWorkers=${Math.max(2, availableParallelism() - 1)}`;
/** Each network is a dozen processes and waits for most of its time, so that a second one fits on any machine. */
const TWO_NETWORKS = '--maxWorkers=2';
/** What goes by the clock, with answers or messages due within a second: nothing of ours may busy the cores meanwhile. */
const ALONE = 'test/network/stopped-member';
/** More than a minute under load: by `npm run test:upgrade`. */
const UPGRADE = 'test/network/upgrade';
/** By `npm run conformance`, with the numbered cases. */
const RECORDED = 'test/compat/golden';

/** The parts, and how Jest runs each of them; a list of several runs where not all of its tests go side by side. */
const SUITES = {
  unit: [[ON_ALL_CORES]],
  integration: [[ON_ALL_CORES]],
  network: [
    [TWO_NETWORKS, '--testPathIgnorePatterns', ALONE, UPGRADE, RECORDED],
    ['--runInBand', '--testPathPatterns', ALONE],
  ],
  // Counted here, and run by `npm run test:containers`: with a build of the image they take a quarter of an hour.
  containers: [['--runInBand']],
  // The same, by `npm run test:kubernetes`.
  kubernetes: [['--runInBand']],
};

/** Runs only when it is named. */
const UPGRADE_PART = 'upgrade';

const { values } = parseArgs({
  options: { only: { type: 'string', default: ['checks', ...Object.keys(SUITES)].join(',') } },
});
const parts = values.only.split(',');
const known = ['checks', ...Object.keys(SUITES), UPGRADE_PART];
const unknown = parts.filter((part) => !known.includes(part));
if (unknown.length > 0) fail(`there is no part ${unknown.join(', ')}; parts are ${known.join(', ')}.`);

checkNode();
await ensureInstalled();
await ensureBuilt();
process.env.STARLING_TEST_SERVERS = await ensureServers();
delete process.env.STARLING_CONTAINER_IMAGE;

const total = { passed: 0, failed: 0, skipped: 0 };
for (const part of parts) {
  if (part === 'checks') {
    say('\n=== checks');
    await runChecks();
  } else if (part === UPGRADE_PART) await runSuite('network', ['--runInBand', '--testPathPatterns', UPGRADE]);
  else for (const options of SUITES[part]) await runSuite(part, options);
}
process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exit(total.failed === 0 ? 0 : 1);

async function runChecks() {
  const waiting = [...CHECKS];
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await runCheck(name);
  };
  await Promise.all(Array.from({ length: CHECKS_AT_A_TIME }, work));
}

/** What a check says is shown in one piece, and only when it fails. */
async function runCheck(name) {
  const { code, output, errors } = await run([...npmCommand(), 'run', '--silent', name], { cwd: ROOT, quiet: true });
  say(`=== ${name}: ${code === 0 ? 'passed' : 'failed'}`);
  if (code === 0) total.passed += 1;
  else {
    total.failed += 1;
    say(output + errors);
  }
}

/** A suite that ends without a report has failed as a whole. */
async function runSuite(name, options) {
  say(`\n=== ${name} tests`);
  const outcome = await runJest(['--selectProjects', name, ...options]);
  if (outcome.report === undefined) say(`the ${name} tests ended with code ${outcome.code} and left no report.`);
  for (const [kind, count] of Object.entries(countsOf(outcome))) total[kind] += count;
}
