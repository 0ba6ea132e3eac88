import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Account } from '#client';
import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { shown } from '../files/home.js';
import { UsageProblem } from '../problems.js';
import { AccountShelf } from './account-shelf.js';

/** Swallows what a terminal would echo. */
const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

export const addAccountRestore: AddCommand = (parent, world) => {
  const command = parent.command('restore').description('make an account from the recovery phrase on standard input');
  command.argument('[name]', 'its name on this machine', 'me');
  finish(command, world, async ({ env, terminal }, _options, [name = 'me']) => {
    if (process.stdin.isTTY) terminal.note('Recovery phrase (13 words, not shown while you type):');
    const account = Account.fromMnemonic(await firstLineOfInput());
    const { file } = await new AccountShelf(env).put(name, account);
    return {
      json: { name, id: account.id, file },
      lines: [`Account ID  ${terminal.colors.bold(account.id)}`, `kept in     ${shown(file)}`],
    };
  });
};

/** Not an argument of the command: the shell's history would keep it. */
async function firstLineOfInput(): Promise<string> {
  const { stdin } = process;
  const lines = createInterface({ input: stdin, output: nowhere(), terminal: stdin.isTTY });
  try {
    for await (const line of lines) if (line.trim()) return line;
  } finally {
    lines.close();
  }
  throw new UsageProblem('No recovery phrase came on standard input.');
}
