import type { Readable } from 'node:stream';
import { Interrupted, Problem } from '../problems.js';
import type { TextSink } from './terminal.js';

/** Standard input; process.stdin fits. */
export type SecretSource = Readable & { readonly isTTY?: boolean; setRawMode?(isRaw: boolean): unknown };

/** Nobody types more; what is pasted by mistake may be. */
const MAX_CHARS = 1_024;
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const ERASE = ['\u007f', '\b'];

/** One line from the terminal, without showing it. Throws Problem where there is no terminal, Interrupted on Ctrl-C. */
export async function askSecret(source: SecretSource, sink: TextSink, what: string): Promise<string> {
  if (source.isTTY !== true || !source.setRawMode) {
    throw new Problem('There is no terminal to ask for the passphrase: name a file with --passphrase-file.');
  }
  sink.write(`${what}: `);
  source.setRawMode(true);
  try {
    return await lineFrom(source);
  } finally {
    source.setRawMode(false);
    sink.write('\n');
  }
}

function lineFrom(source: SecretSource): Promise<string> {
  return new Promise((resolve, reject) => {
    const typed: string[] = [];
    const end = (finish: () => void, rest = ''): void => {
      source.off('data', read).off('end', closed).pause(); // what flows while nobody listens is lost
      if (rest !== '') source.unshift(Buffer.from(rest)); // typed ahead, for the next question
      finish();
    };
    const closed = (): void => end(() => reject(new Interrupted()));
    const read = (chunk: Buffer | string): void => {
      const keys = Array.from(chunk.toString());
      for (const [index, key] of keys.entries()) {
        if (key === '\r' || key === '\n') {
          end(() => resolve(typed.join('')), keys.slice(index + 1).join(''));
          return;
        }
        if (key === CTRL_C || key === CTRL_D) {
          closed();
          return;
        }
        if (ERASE.includes(key)) typed.pop();
        else if (typed.length < MAX_CHARS) typed.push(key);
      }
    };
    source.on('data', read).once('end', closed).resume();
  });
}
