import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { shown } from '../files/home.js';
import { tableLines } from '../terminal/table.js';
import { AccountShelf } from './account-shelf.js';
import type { NamedAccount } from './account-shelf.js';

interface Options {
  readonly reveal?: boolean;
}

export const addAccountShow: AddCommand = (parent, world) => {
  const command = parent.command('show').description('show one account, or all');
  command.argument('[name]', 'which one');
  command.option('--reveal', 'also show the recovery phrase of the named account');
  finish<Options>(command, world, async ({ env }, { reveal }, [name]) => {
    const shelf = new AccountShelf(env);
    if (reveal || name) {
      const found = await shelf.chosen(name, '`starling account show NAME --reveal`');
      const json = { ...summary(found), ...(reveal ? { recovery_phrase: found.account.mnemonic() } : {}) };
      return {
        json,
        lines: Object.entries(json).map(([key, value]) => `${key.replace('_', ' ').padEnd(16)} ${value}`),
      };
    }
    const all = await Promise.all((await shelf.names()).map((each) => shelf.get(each)));
    const rows = all.map((each) => [each.name, each.account.id, shown(each.file)]);
    const none = ['There is no account yet: `starling account new` makes one.'];
    return {
      json: { accounts: all.map(summary) },
      lines: all.length === 0 ? none : tableLines(['name', 'Account ID', 'file'], rows),
    };
  });
};

function summary({ name, account, file }: NamedAccount): { name: string; id: string; file: string } {
  return { name, id: account.id, file };
}
