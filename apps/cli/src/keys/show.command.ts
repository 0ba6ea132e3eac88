import { bytesToHex } from '#protocol';
import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { readKeyFile } from './key-file.js';

export const addKeysShow: AddCommand = (parent, world) => {
  const command = parent.command('show').description('show the public keys of a key file');
  command.argument('[file]', 'the key file', 'node.key');
  finish(command, world, (_context, _options, [file = 'node.key']) => {
    const key = readKeyFile(file);
    const x25519 = bytesToHex(key.x25519.publicKey);
    const lines = [`Ed25519  ${key.id}`, `X25519   ${x25519}`];
    return Promise.resolve({ json: { file, ed25519: key.id, x25519 }, lines });
  });
};
