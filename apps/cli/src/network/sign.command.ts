import { join } from 'node:path';
import { noblePrimitives, signNetworkList } from '#protocol';
import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { shown } from '../files/home.js';
import { readKeyFile } from '../keys/key-file.js';
import { Problem } from '../problems.js';
import { addDirOption } from './draft-change.js';
import { NetworkFolder } from './network-folder.js';

interface Options {
  readonly dir: string;
  readonly key?: string;
}

export const addNetworkSign: AddCommand = (parent, world) => {
  const command = parent.command('sign').description('sign the next list; with enough signatures it is published');
  addDirOption(command);
  command.option('--key <file>', 'your administrator key (default: admin.key in the folder)');
  finish<Options>(command, world, async (_context, { dir, key: keyFile = join(dir, 'admin.key') }) => {
    const folder = await NetworkFolder.open(dir);
    const { admins, required } = folder.trust;
    const draft = await folder.draft();
    if (!draft)
      throw new Problem('There is nothing to sign: change the list first, or draft it again with `network renew`.');
    const key = readKeyFile(keyFile);
    if (!admins.includes(key.id))
      throw new Problem(`${shown(keyFile)} is not the key of an administrator of this network.`);

    const others = draft.signatures.filter(({ admin }) => admin !== key.id);
    const signatures = [...others, signNetworkList(noblePrimitives, draft.list.text, key.ed25519)];
    const isEnough = signatures.length >= required;
    if (isEnough) await folder.publish({ ...draft, signatures });
    else await folder.saveDraft({ ...draft, signatures });
    const { epoch, hash } = draft.list;
    const lines = isEnough
      ? [`List ${epoch} is published in ${shown(folder.listFile)}; give that file to all nodes.`]
      : [`Signed. List ${epoch} has ${signatures.length} of ${required} signatures.`];
    return {
      json: { epoch, hash, signatures: signatures.length, required, published: isEnough, list_file: folder.listFile },
      lines,
    };
  });
};
