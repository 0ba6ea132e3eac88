import { randomBytes } from 'node:crypto';
import { bytesToHex, NodeKey, noblePrimitives } from '#protocol';
import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { shown } from '../files/home.js';
import { createSecretFile } from '../files/private-file.js';

const SEED_BYTES = 32;

export const addKeysNew: AddCommand = (parent, world) => {
  const command = parent.command('new').description('make a key for a node or an administrator');
  command.option('--out <file>', 'where to keep it', 'node.key');
  finish<{ readonly out: string }>(command, world, async (_context, { out: file }) => {
    const seed = randomBytes(SEED_BYTES);
    await createSecretFile(file, `${bytesToHex(seed)}\n`);
    const key = NodeKey.fromSeed(seed, noblePrimitives);
    const x25519 = bytesToHex(key.x25519.publicKey);
    return {
      json: { file, ed25519: key.id, x25519 },
      lines: [`Ed25519  ${key.id}`, `X25519   ${x25519}`, `kept in  ${shown(file)} (readable by you alone)`],
    };
  });
};
