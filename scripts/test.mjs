// `npm test`: sets up what is missing, runs every check and every test, ends with one line of counts.
// `npm test -- --only unit,network` runs some of the parts.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
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
  const folder = mkdtempSync(join(tmpdir(), 'starling-test-'));
  const report = join(folder, 'report.json');
  const jest = [
    process.execPath,
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
  ];
  const { code } = await run([...jest, '--json', '--outputFile', report, '--selectProjects', name, ...SUITES[name]], {
    cwd: ROOT,
  });
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    total.passed += numPassedTests;
    total.failed += numFailedTests + numRuntimeErrorTestSuites;
    total.skipped += numPendingTests + numTodoTests;
    if (code !== 0 && numFailedTests + numRuntimeErrorTestSuites === 0) total.failed += 1;
  } catch {
    say(`the ${name} tests ended with code ${code} and left no report.`);
    total.failed += 1;
  }
  rmSync(folder, { recursive: true, force: true });
}
