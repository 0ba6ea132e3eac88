import { ROOT } from './prepare.mjs';
import { busy, run } from './run.mjs';
import { fail, say } from './say.mjs';

/** A tag of its own: an operator's image on the same engine stays as it is. */
const TAG = 'under-test';
/** Without any cache on two busy cores. */
const BUILD_TIMEOUT_MS = 900_000;

/** Builds the image for tests, as docker-compose.yml does, and gives its name. Ends the program when that fails. */
export async function buildImage() {
  const command = ['docker', 'compose', 'build'];
  const env = { ...process.env, NODE_NAME: 'starling-test', STARLING_VERSION: TAG };
  const built = await busy('Building the image', () =>
    run(command, { cwd: ROOT, env, quiet: true, timeoutMs: BUILD_TIMEOUT_MS }),
  );
  if (built.code === 0) return `starling:${TAG}`;
  say(built.output + built.errors);
  return fail(`the image could not be built: \`${command.join(' ')}\` ended with code ${built.code}.`);
}
