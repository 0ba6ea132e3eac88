import { randomBytes } from 'node:crypto';
import { Account } from '#client';
import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { shown } from '../files/home.js';
import { AccountShelf } from './account-shelf.js';

export const addAccountNew: AddCommand = (parent, world) => {
  const command = parent.command('new').description('make an account and show its recovery phrase once');
  command.argument('[name]', 'its name on this machine', 'me');
  finish(command, world, async ({ env, terminal }, _options, [name = 'me']) => {
    const { account, file } = await new AccountShelf(env).put(name, Account.generate(randomBytes));
    const phrase = account.mnemonic();
    const { bold, yellow } = terminal.colors;
    return {
      json: { name, id: account.id, recovery_phrase: phrase, file },
      lines: [
        `Account ID       ${bold(account.id)}`,
        `recovery phrase  ${yellow(phrase)}`,
        `kept in          ${shown(file)}`,
        '',
        'Whoever has the recovery phrase has the account. Write it down; it is shown again only by',
        `\`starling account show ${name} --reveal\`.`,
      ],
    };
  });
};
