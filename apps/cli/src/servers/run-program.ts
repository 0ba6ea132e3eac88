import { execFile } from 'node:child_process';
import { Problem, sentenceOf } from '../problems.js';

export interface ProgramOptions {
  readonly timeoutMs: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end and gives back what it wrote. Throws Problem with its last line when it fails. */
export function runProgram(file: string, args: readonly string[], options: ProgramOptions): Promise<string> {
  const { timeoutMs: timeout, env } = options;
  return new Promise((resolve, reject) => {
    execFile(file, args, { timeout, ...(env ? { env } : {}) }, (cause, stdout, stderr) => {
      if (!cause) {
        resolve(stdout);
        return;
      }
      const lastLine = stderr.trim().split('\n').at(-1);
      const reason = cause.killed ? `no end within ${timeout / 1_000} s` : lastLine || sentenceOf(cause);
      reject(new Problem(`${[file, ...args.slice(0, 2)].join(' ')} failed: ${reason}`));
    });
  });
}
