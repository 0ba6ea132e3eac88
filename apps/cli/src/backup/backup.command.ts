import { randomBytes } from 'node:crypto';
import { link, open, rm, stat } from 'node:fs/promises';
import { bytesToHex } from '#protocol';
import type { NodeKey } from '#protocol';
import { SystemClock } from '#platform';
import { finish } from '../command.js';
import type { AddCommand, Context, Outcome } from '../command.js';
import type { NodeFacts } from '../config/node-facts.js';
import { shown } from '../files/home.js';
import { readKeyFile } from '../keys/key-file.js';
import { readPassphrase } from '../keys/passphrase.js';
import { ownVersion } from '../own-version.js';
import { Problem, reasonOf, systemCodeOf } from '../problems.js';
import { addSettingsOption } from '../running/admin-ports.js';
import type { SettingsOption } from '../running/admin-ports.js';
import { countOf } from '../terminal/count-of.js';
import { interruption } from '../terminal/interrupt.js';
import { partsNamed, usableSettings } from './node-settings.js';
import { SealedReader, SealedWriter } from './sealed-file.js';
import { verify } from './verify.js';
import type { Verified } from './verify.js';
import { recordsOf, writeRecords } from './write-backup.js';

interface Options extends SettingsOption {
  readonly out: string;
  readonly passphraseFile?: string;
}

interface Order {
  readonly facts: NodeFacts;
  readonly self: NodeKey;
  readonly passphrase: string;
  readonly madeMs: number;
}

const OWNER_ONLY = 0o600;

export const addBackup: AddCommand = (parent, world) => {
  const command = parent
    .command('backup')
    .description('copy a node, its key and its messages to one file, under a passphrase');
  addSettingsOption(command);
  command.option('--out <file>', 'where to write it', 'node.backup');
  command.option('--passphrase-file <file>', 'file with the passphrase in its first line (default: it is asked for)');
  finish<Options>(command, world, async (context, { envFile, out, passphraseFile }) => {
    const facts = await usableSettings(context.env, envFile);
    const self = ownKey(facts);
    await refuseExisting(out);
    const passphrase = await readPassphrase(context, passphraseFile, true);
    const madeMs = (world.clock ?? new SystemClock()).now();
    return outcomeOf(out, facts, await made(context, out, { facts, self, passphrase, madeMs }));
  });
};

function ownKey({ keys }: NodeFacts): NodeKey {
  const [first] = keys;
  if (first === undefined) throw new Problem('The settings name no key file.');
  return readKeyFile(first.path);
}

async function refuseExisting(out: string): Promise<void> {
  const isThere = await stat(out).then(
    () => true,
    () => false,
  );
  if (isThere)
    throw new Problem(`${shown(out)} exists already and is not overwritten: choose another name with --out.`);
}

/** Under its name only when it has been read again as a whole. */
async function made(context: Context, out: string, order: Order): Promise<Verified> {
  const part = `${out}.${process.pid}.part`;
  try {
    await writeTo(part, context, order);
    const verified = await readAgain(part, context, order);
    await link(part, out); // not a renaming, which would overwrite
    return verified;
  } catch (cause) {
    if (cause instanceof Error && systemCodeOf(cause) !== undefined && 'path' in cause) {
      throw new Problem(`${shown(out)} cannot be written: ${reasonOf(cause)}.`);
    }
    throw cause;
  } finally {
    await rm(part, { force: true });
  }
}

async function writeTo(part: string, { terminal }: Context, { facts, self, passphrase, madeMs }: Order): Promise<void> {
  const progress = terminal.progress('copying');
  const { signal: interrupted, release } = interruption();
  const file = await open(part, 'wx', OWNER_ONLY);
  try {
    const writer = await SealedWriter.begin(file, { ed25519: self.id, passphrase, random: randomBytes });
    const keyText = `${bytesToHex(self.seed)}\n`;
    const program = ownVersion();
    await writeRecords(recordsOf({ facts, keyText, madeMs, program, progress, interrupted }), writer);
    await file.sync();
  } finally {
    progress.end();
    release();
    await file.close();
  }
}

async function readAgain(part: string, { terminal }: Context, { passphrase }: Order): Promise<Verified> {
  const progress = terminal.progress('reading it again');
  const file = await open(part, 'r');
  try {
    return await verify(await SealedReader.open(file, shown(part), passphrase), progress);
  } finally {
    progress.end();
    await file.close();
  }
}

async function outcomeOf(out: string, facts: NodeFacts, { files, keys }: Verified): Promise<Outcome> {
  const { size } = await stat(out);
  const parts = partsNamed(facts);
  return {
    json: { file: out, bytes: size, files, keys, parts },
    lines: [
      `${shown(out)}: ${countOf(files, 'file')}, ${countOf(keys, 'key')} of Redis, ${size} bytes, read again and whole.`,
      `It has: ${parts.join(', ')}. Settings and passwords are not in it.`,
    ],
  };
}
