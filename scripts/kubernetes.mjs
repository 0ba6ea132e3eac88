// `npm run test:kubernetes`: builds the image and runs test/kubernetes, a node of the network in pods on a real cluster of
// this machine alone. Wants CI_KUBERNETES=1, what scripts/kubernetes-api.mjs builds, a container engine and root; where
// one is missing all is counted as skipped, and the names of the tests say which. Ctrl-C removes pods and processes first.
import { buildImage } from './lib/image.mjs';
import { countsOf, runJest } from './lib/jest.mjs';
import { checkNode, ensureBuilt, ensureInstalled } from './lib/prepare.mjs';
import { engineAnswers } from './lib/servers.mjs';
import { say } from './lib/say.mjs';

checkNode();
await ensureInstalled();
await ensureBuilt();
const isWanted = process.env.CI_KUBERNETES === '1' && (await engineAnswers());
const image = isWanted ? { STARLING_CONTAINER_IMAGE: await buildImage() } : {};
const outcome = await runJest(['--selectProjects', 'kubernetes', '--runInBand'], image, { untilInputEnds: true });
if (outcome.report === undefined) say(`jest ended with code ${outcome.code} and left no report.`);
const { passed, failed, skipped } = countsOf(outcome);
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exit(failed === 0 ? 0 : 1);
