// `npm run test:containers`: builds the image and runs what needs a container engine: test/containers, and those
// integration tests that stop, kill and fill Redis and NATS, with both in containers. Without an engine all of test/containers is counted as skipped.
// `npm run test:containers -- image` runs the files of test/containers whose names match.
import { parseArgs } from 'node:util';
import { countsOf, runJest } from './lib/jest.mjs';
import { checkNode, ensureBuilt, ensureInstalled, ROOT } from './lib/prepare.mjs';
import { busy, run } from './lib/run.mjs';
import { fail, say } from './lib/say.mjs';
import { engineAnswers } from './lib/servers.mjs';

/** A tag of its own: an operator's image on the same engine stays as it is. */
const TAG = 'under-test';
/** Without any cache on two busy cores. */
const BUILD_TIMEOUT_MS = 900_000;

const WITH_SERVERS =
  'test/integration/(test-servers|platform|storage/(durability|full-redis|mailboxes.test|tombstones))';
/** Each command goes through the engine's proxy, which takes several times as long. */
const SLOWER = '--testTimeout=60000';

const { positionals: wanted } = parseArgs({ allowPositionals: true });
checkNode();
await ensureInstalled();
await ensureBuilt();

const total = { passed: 0, failed: 0, skipped: 0 };
const hasEngine = await engineAnswers();
if (hasEngine) await build();
else say('No container engine answers (`docker info`): the container tests are skipped.');
const image = hasEngine ? { STARLING_CONTAINER_IMAGE: `starling:${TAG}` } : {};
// One after the other: each composition is a handful of processes, and some count failures under load.
await suite(['--selectProjects', 'containers', '--runInBand', ...patterns(wanted)], image);
if (hasEngine && wanted.length === 0) {
  say('\n=== integration tests, with servers in containers');
  const options = ['--selectProjects', 'integration', '--maxWorkers=2', SLOWER, '--testPathPatterns', WITH_SERVERS];
  await suite(options, { STARLING_TEST_SERVERS: 'containers' });
}
process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exit(total.failed === 0 ? 0 : 1);

async function build() {
  const command = ['docker', 'compose', 'build'];
  const env = { ...process.env, NODE_NAME: 'starling-test', STARLING_VERSION: TAG };
  const built = await busy('Building the image', () =>
    run(command, { cwd: ROOT, env, quiet: true, timeoutMs: BUILD_TIMEOUT_MS }),
  );
  if (built.code === 0) return;
  say(built.output + built.errors);
  fail(`the image could not be built: \`${command.join(' ')}\` ended with code ${built.code}.`);
}

async function suite(options, env) {
  const outcome = await runJest(options, env);
  if (outcome.report === undefined) say(`jest ended with code ${outcome.code} and left no report.`);
  for (const [kind, count] of Object.entries(countsOf(outcome))) total[kind] += count;
}

function patterns(names) {
  return names.length === 0 ? [] : ['--testPathPatterns', `test/containers/(${names.join('|')})`];
}
