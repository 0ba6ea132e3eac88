import { spawn } from 'node:child_process';

/** npm as it was called, so that the same version runs; otherwise the one on the PATH. */
export function npmCommand() {
  const { npm_execpath: path } = process.env;
  return path?.endsWith('.js') ? [process.execPath, path] : ['npm'];
}

/**
 * Runs a program to its end. `quiet` keeps what it writes and gives it back with the exit code; otherwise it writes to
 * our standard error. `timeoutMs` 0: as long as it takes.
 */
export function run([program, ...args], { cwd, env = process.env, quiet = false, timeoutMs = 0 }) {
  const sink = quiet ? 'pipe' : process.stderr;
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, timeout: timeoutMs, stdio: ['ignore', sink, sink] });
    let output = '';
    let errors = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr?.setEncoding('utf8').on('data', (text) => (errors += text));
    child.once('error', (cause) => resolve({ code: 127, output, errors: cause.message }));
    child.once('close', (code, signal) => resolve({ code: code ?? 128, signal, output, errors }));
  });
}
