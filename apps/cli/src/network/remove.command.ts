import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { addDraftOptions, changeDraft } from './draft-change.js';
import type { DraftOptions } from './draft-change.js';
import { NetworkFolder } from './network-folder.js';
import { checkedKey } from './public-key.js';

export const addNetworkRemove: AddCommand = (parent, world) => {
  const command = parent.command('remove').description('leave a node out of the next list');
  command.argument('<key>', "the node's Ed25519 public key");
  addDraftOptions(command);
  finish<DraftOptions>(command, world, async (_context, options, [key = '']) => {
    return changeDraft(await NetworkFolder.open(options.dir), { remove: [checkedKey(key)] }, options);
  });
};
