import inspector from 'node:inspector';

/** Switches of Node that show or write down what a process has in its memory: the node key, passwords, people. */
const TELLING_SWITCH =
  /^--(inspect(-brk|-wait)?|experimental-network-inspection|tls-keylog|trace-tls|heapsnapshot-[\w-]+|report-(on-[\w-]+|uncaught-exception)|abort-on-uncaught-exception)(=|$)/;
/** Variables that have Node print what it sends and receives. */
const TELLING_VARIABLES = ['NODE_DEBUG', 'NODE_DEBUG_NATIVE'];
/** Of DEBUG only what reaches the driver of Redis, which prints each command. */
const REACHES_REDIS = /(^|[\s,])(\*|ioredis)/;

/** Aids for programmers that would tell a stranger, or a disk, what a node must keep. One sentence each. */
export function debuggingProblems(env: NodeJS.ProcessEnv, execArgv: readonly string[]): string[] {
  const switches = [...execArgv, ...(env.NODE_OPTIONS ?? '').split(/\s+/)].filter((each) => TELLING_SWITCH.test(each));
  const variables = TELLING_VARIABLES.filter((name) => (env[name] ?? '') !== '');
  if (REACHES_REDIS.test(env.DEBUG ?? '')) variables.push('DEBUG');
  return [
    ...new Set(
      switches.map(
        (each) =>
          `${each.replace(/=.*$/, '')}: shows what is in memory, the node key too; start without it, also in NODE_OPTIONS`,
      ),
    ),
    ...variables.map((name) => `${name}: prints what comes in and goes out, people and keys too; remove it`),
  ];
}

/**
 * Node opens its inspector to whoever sends SIGUSR1, unless somebody listens for that. A signal that came before us has
 * opened it already.
 */
export function keepInspectorShut(): void {
  process.on('SIGUSR1', () => undefined);
  if (inspector.url() !== undefined) inspector.close();
}
