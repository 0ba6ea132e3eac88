import { bytesToHex, NodeKey, noblePrimitives } from '#protocol';
import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { shown } from '../files/home.js';
import { createSecretFile, readIfThere } from '../files/private-file.js';
import { Problem } from '../problems.js';
import { readPassphrase } from './passphrase.js';
import { openKey } from './sealed-key.js';

interface Options {
  readonly out: string;
  readonly passphraseFile?: string;
}

export const addKeysImport: AddCommand = (parent, world) => {
  const command = parent.command('import').description('make a key file of one that was exported');
  command.argument('[file]', 'the exported key', 'node.key.sealed');
  command.option('--out <file>', 'where to keep the key', 'node.key');
  command.option('--passphrase-file <file>', 'file with the passphrase in its first line (default: it is asked for)');
  finish<Options>(command, world, async (context, { out, passphraseFile }, [file = 'node.key.sealed']) => {
    const text = await readIfThere(file);
    if (text === null) throw new Problem(`${shown(file)} does not exist.`);
    const passphrase = await readPassphrase(context, passphraseFile, false);
    const { seed, ed25519 } = await openKey(text, passphrase, shown(file));
    if (NodeKey.fromSeed(seed, noblePrimitives).id !== ed25519) throw new Problem(`${shown(file)} names another key.`);
    await createSecretFile(out, `${bytesToHex(seed)}\n`);
    return {
      json: { file: out, ed25519 },
      lines: [`Ed25519  ${ed25519}`, `kept in  ${shown(out)} (readable by you alone)`],
    };
  });
};
