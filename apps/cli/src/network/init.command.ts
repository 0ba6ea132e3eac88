import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { bytesToHex, NodeKey, noblePrimitives } from '#protocol';
import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { shown } from '../files/home.js';
import { createSecretFile } from '../files/private-file.js';
import { UsageProblem } from '../problems.js';
import { addDirOption } from './draft-change.js';
import { NetworkFolder } from './network-folder.js';
import { checkedKey } from './public-key.js';

interface Options {
  readonly name: string;
  readonly dir: string;
  readonly admin?: readonly string[];
  readonly required: number;
}

const SEED_BYTES = 32;
const ADMIN_KEY_FILE = 'admin.key';

export const addNetworkInit: AddCommand = (parent, world) => {
  const command = parent.command('init').description('begin a private network and make its first administrator key');
  command.requiredOption('--name <name>', 'name of the network; nodes take lists of this name only', readName);
  addDirOption(command);
  command.option('--admin <key...>', 'public keys of all administrators, if this one is not alone');
  command.option('--required <number>', 'how many of them must sign a list', readRequired, 1);
  finish<Options>(command, world, async (_context, { name, dir, admin = [], required }) => {
    const given = admin.map((key) => checkedKey(key));
    const isOwn = given.length === 0;
    const seed = randomBytes(SEED_BYTES);
    const admins = isOwn ? [NodeKey.fromSeed(seed, noblePrimitives).id] : given;
    if (required > admins.length) throw new UsageProblem(`${required} of ${admins.length} administrators cannot sign.`);
    const { listFile } = await NetworkFolder.create(dir, { network: name, admins, required });
    const keyFile = join(resolve(dir), ADMIN_KEY_FILE);
    if (isOwn) await createSecretFile(keyFile, `${bytesToHex(seed)}\n`);
    return {
      json: { network: name, admins, required, key_file: isOwn ? keyFile : null, list_file: listFile },
      lines: [
        `Network ${name}: ${required} of ${admins.length} administrators must sign its lists.`,
        ...(isOwn
          ? [`Your administrator key is ${admins.join('')}, kept in ${shown(keyFile)}. Keep a copy elsewhere.`]
          : []),
        'Next: starling network add <key> --ip <address>, then starling network sign',
      ],
    };
  });
};

/** Printed and compared everywhere: no more than the services take, nothing that cannot be seen. */
function readName(text: string): string {
  if (/^(?! )[^\p{Cc}\p{Cf}]{1,64}(?<! )$/u.test(text)) return text;
  throw new InvalidArgumentError('1 to 64 characters, without a space at either end.');
}

function readRequired(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 64) return count;
  throw new InvalidArgumentError('a whole number from 1 to 64.');
}
