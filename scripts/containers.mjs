// `npm run test:containers`: builds the image and runs what needs a container engine: test/containers, and those
// integration tests that stop, kill and fill Redis and NATS, with both in containers. Without an engine all of test/containers is counted as skipped.
// `npm run test:containers -- image` runs the files of test/containers whose names match.
import { parseArgs } from 'node:util';
import { buildImage } from './lib/image.mjs';
import { countsOf, runJest } from './lib/jest.mjs';
import { checkNode, ensureBuilt, ensureInstalled } from './lib/prepare.mjs';
import { say } from './lib/say.mjs';
import { engineAnswers } from './lib/servers.mjs';

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
const image = hasEngine ? { STARLING_CONTAINER_IMAGE: await buildImage() } : {};
if (!hasEngine) say('No container engine answers (`docker info`): the container tests are skipped.');
// One after the other: each composition is a handful of processes, and some count failures under load.
await suite(['--selectProjects', 'containers', '--runInBand', ...patterns(wanted)], image);
if (hasEngine && wanted.length === 0) {
  say('\n=== integration tests, with servers in containers');
  const options = ['--selectProjects', 'integration', '--maxWorkers=2', SLOWER, '--testPathPatterns', WITH_SERVERS];
  await suite(options, { STARLING_TEST_SERVERS: 'containers' });
}
process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exit(total.failed === 0 ? 0 : 1);

async function suite(options, env) {
  const outcome = await runJest(options, env);
  if (outcome.report === undefined) say(`jest ended with code ${outcome.code} and left no report.`);
  for (const [kind, count] of Object.entries(countsOf(outcome))) total[kind] += count;
}

function patterns(names) {
  return names.length === 0 ? [] : ['--testPathPatterns', `test/containers/(${names.join('|')})`];
}
