import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { CLI, ROOT } from './prepare.mjs';
import { run } from './run.mjs';
import { fail, say } from './say.mjs';

/** `docker info` answers in a fraction of this where an engine runs. */
const PROBE_TIMEOUT_MS = 3_000;

/** True when `docker` is there and its engine answers; testcontainers then looks for ports in the right place. */
export async function engineAnswers() {
  const engine = await run(['docker', 'info', '--format', '{{.Name}}'], {
    cwd: ROOT,
    quiet: true,
    timeoutMs: PROBE_TIMEOUT_MS,
  });
  // Inside a container testcontainers looks for ports at the gateway, which is wrong when the engine is in here too.
  const isLocal = existsSync('/.dockerenv') && engine.output.trim() === hostname();
  if (isLocal) process.env.TESTCONTAINERS_HOST_OVERRIDE ??= '127.0.0.1';
  return engine.code === 0;
}

/**
 * Makes sure that tests can start Redis and NATS, says how, and gives back the value for STARLING_TEST_SERVERS:
 * `containers` where an engine answers, otherwise `binaries` (installed if need be). Call it after ensureBuilt.
 */
export async function ensureServers() {
  if (await engineAnswers()) {
    say('Servers for tests: containers, a container engine answers.');
    return 'containers';
  }
  const { code, output } = await run([process.execPath, CLI, 'servers', '--json'], { cwd: ROOT, quiet: true });
  if (code !== 0) fail(JSON.parse(output || '{}').error ?? 'Redis and NATS could not be found.');
  const { redis, nats } = JSON.parse(output);
  say(`Servers for tests: local programs, ${describe(redis)} and ${describe(nats)}; no container engine answers.`);
  return 'binaries';
}

function describe({ kind, path }) {
  return kind === 'given' ? 'one given by URL' : path;
}
