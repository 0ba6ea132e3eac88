// `npm test`: sets up what is missing, runs every check and every test, ends with one line of counts.
// `npm test -- --only unit,network` runs some of the parts.
import { parseArgs } from 'node:util';
import { countsOf, runJest } from './lib/jest.mjs';
import { checkNode, ensureBuilt, ensureInstalled, ROOT } from './lib/prepare.mjs';
import { npmCommand, run } from './lib/run.mjs';
import { fail, say } from './lib/say.mjs';
import { ensureServers } from './lib/servers.mjs';

const CHECKS = ['check:types', 'check:lint', 'check:format', 'check:imports', 'check:unused', 'check:settings'];

/** Network tests run one after the other: each starts a dozen processes of its own. */
const SUITES = { unit: [], integration: [], network: ['--runInBand'] };

const { values } = parseArgs({ options: { only: { type: 'string', default: 'checks,unit,integration,network' } } });
const parts = values.only.split(',');
const unknown = parts.filter((part) => part !== 'checks' && !(part in SUITES));
if (unknown.length > 0)
  fail(`there is no part ${unknown.join(', ')}; parts are checks, ${Object.keys(SUITES).join(', ')}.`);

checkNode();
await ensureInstalled();
await ensureBuilt();
process.env.STARLING_TEST_SERVERS = await ensureServers();

const total = { passed: 0, failed: 0, skipped: 0 };
for (const part of parts) {
  if (part === 'checks') await runChecks();
  else await runSuite(part);
}
process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exit(total.failed === 0 ? 0 : 1);

async function runChecks() {
  for (const name of CHECKS) {
    say(`\n=== ${name}`);
    const { code, output, errors } = await run([...npmCommand(), 'run', '--silent', name], { cwd: ROOT, quiet: true });
    if (code === 0) total.passed += 1;
    else {
      total.failed += 1;
      say(output + errors);
    }
  }
}

/** A suite that ends without a report has failed as a whole. */
async function runSuite(name) {
  say(`\n=== ${name} tests`);
  const outcome = await runJest(['--selectProjects', name, ...SUITES[name]]);
  if (outcome.report === undefined) say(`the ${name} tests ended with code ${outcome.code} and left no report.`);
  for (const [kind, count] of Object.entries(countsOf(outcome))) total[kind] += count;
}
