import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { addDraftOptions, changeDraft } from './draft-change.js';
import type { DraftOptions } from './draft-change.js';
import { NetworkFolder } from './network-folder.js';

export const addNetworkRenew: AddCommand = (parent, world) => {
  const command = parent.command('renew').description('draft the same list again, to be valid for longer');
  addDraftOptions(command);
  finish<DraftOptions>(command, world, async (_context, options) => {
    return changeDraft(await NetworkFolder.open(options.dir), {}, options);
  });
};
