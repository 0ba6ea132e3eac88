import { spawn } from 'node:child_process';
import { clearInterval, setInterval } from 'node:timers';
import { say } from './say.mjs';

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** npm as it was called, so that the same version runs; otherwise the one on the PATH. */
export function npmCommand() {
  const { npm_execpath: path } = process.env;
  return path?.endsWith('.js') ? [process.execPath, path] : ['npm'];
}

/**
 * Runs a program to its end. `quiet` keeps what it writes and gives it back with the exit code; otherwise it writes to
 * our standard error. `timeoutMs` 0: as long as it takes. `untilInputEnds`: it has something to take back, and ends by
 * itself when its input does; a signal to us ends that, and so does our own end. A second signal ends us at once.
 */
export function run(
  [program, ...args],
  { cwd, env = process.env, quiet = false, timeoutMs = 0, untilInputEnds = false },
) {
  const sink = quiet ? 'pipe' : process.stderr;
  const options = untilInputEnds
    ? { env: { ...env, STARLING_UNTIL_INPUT_ENDS: '1' }, stdio: ['pipe', sink, sink], detached: true } // no Ctrl-C for it
    : { env, stdio: ['ignore', sink, sink] };
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, timeout: timeoutMs, ...options });
    const endInput = () => child.stdin?.end();
    child.stdin?.on('error', () => undefined); // it may be gone before we say so
    if (untilInputEnds) for (const signal of ENDING) process.once(signal, endInput);
    let output = '';
    let errors = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr?.setEncoding('utf8').on('data', (text) => (errors += text));
    child.once('error', (cause) => resolve({ code: 127, output, errors: cause.message }));
    child.once('close', (code, signal) => {
      for (const each of ENDING) process.removeListener(each, endInput);
      resolve({ code: code ?? 128, signal, output, errors });
    });
  });
}

const TICK_MS = 10_000;

/** Says what is being done, and every ten seconds that it still is. */
export async function busy(what, work) {
  say(`${what} …`);
  let seconds = 0;
  const ticking = setInterval(() => say(`${what}: ${(seconds += TICK_MS / 1_000)} s …`), TICK_MS);
  try {
    return await work();
  } finally {
    clearInterval(ticking);
  }
}
