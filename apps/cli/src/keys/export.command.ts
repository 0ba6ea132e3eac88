import { randomBytes } from 'node:crypto';
import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { shown } from '../files/home.js';
import { createSecretFile } from '../files/private-file.js';
import { readKeyFile } from './key-file.js';
import { readPassphrase } from './passphrase.js';
import { sealKey } from './sealed-key.js';

interface Options {
  readonly out: string;
  readonly passphraseFile?: string;
}

export const addKeysExport: AddCommand = (parent, world) => {
  const command = parent
    .command('export')
    .description('write a key to a file under a passphrase, to be kept elsewhere');
  command.argument('[file]', 'the key file', 'node.key');
  command.option('--out <file>', 'where to write it', 'node.key.sealed');
  command.option('--passphrase-file <file>', 'file with the passphrase in its first line (default: it is asked for)');
  finish<Options>(command, world, async (context, { out, passphraseFile }, [file = 'node.key']) => {
    const key = readKeyFile(file);
    const passphrase = await readPassphrase(context, passphraseFile, true);
    await createSecretFile(out, await sealKey(key.seed, key.id, passphrase, randomBytes));
    return {
      json: { file: out, ed25519: key.id },
      lines: [`Ed25519  ${key.id}`, `kept in  ${shown(out)}, under your passphrase: without it nobody opens it`],
    };
  });
};
