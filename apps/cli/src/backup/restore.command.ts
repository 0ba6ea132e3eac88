import { open } from 'node:fs/promises';
import { finish } from '../command.js';
import type { AddCommand, Context, Outcome } from '../command.js';
import type { NodeFacts } from '../config/node-facts.js';
import { shown } from '../files/home.js';
import { ask } from '../http/ask.js';
import { readPassphrase } from '../keys/passphrase.js';
import { Problem, reasonOf } from '../problems.js';
import { addSettingsOption } from '../running/admin-ports.js';
import type { SettingsOption } from '../running/admin-ports.js';
import { countOf } from '../terminal/count-of.js';
import { RestoredFiles } from './restored-files.js';
import { RestoredKeys } from './restored-keys.js';
import { decodeRecords } from './records.js';
import { SealedReader } from './sealed-file.js';
import { usableSettings } from './node-settings.js';
import { verify } from './verify.js';
import type { Verified } from './verify.js';

interface Options extends SettingsOption {
  readonly passphraseFile?: string;
}

export const addRestore: AddCommand = (parent, world) => {
  const command = parent.command('restore').description('bring a node back from a backup, where there is none');
  addSettingsOption(command);
  command.argument('[file]', 'the backup', 'node.backup');
  command.option('--passphrase-file <file>', 'file with the passphrase in its first line (default: it is asked for)');
  finish<Options>(command, world, async (context, { envFile, passphraseFile }, [from = 'node.backup']) => {
    const facts = await usableSettings(context.env, envFile);
    await refuseRunning(facts);
    const file = await open(from, 'r').catch((cause: unknown) => {
      throw new Problem(`${shown(from)} cannot be read: ${reasonOf(cause)}.`);
    });
    try {
      const passphrase = await readPassphrase(context, passphraseFile, false);
      return await restored(context, facts, await SealedReader.open(file, shown(from), passphrase));
    } finally {
      await file.close();
    }
  });
};

/** A service would write between what is restored, and act with the key before its messages are there. */
async function refuseRunning({ admin }: NodeFacts): Promise<void> {
  for (const { service, url } of admin) {
    const isRunning = await ask({ method: 'GET', url: `${url}/health/live` }).then(
      () => true,
      () => false,
    );
    if (isRunning) throw new Problem(`The ${service} runs (${url}): stop the node before its data are restored.`);
  }
}

/** All of the backup is read before anything is written, and every place is looked at before the first is filled. */
async function restored({ terminal }: Context, facts: NodeFacts, reader: SealedReader): Promise<Outcome> {
  const progress = terminal.progress('reading the backup');
  const verified = await verify(reader, progress).finally(() => progress.end());
  const files = new RestoredFiles(facts);
  for await (const record of decodeRecords(reader.parts())) {
    if (record.kind === 'file') await files.check(record);
    if (record.kind === 'group') break; // files come first
  }
  const keys =
    verified.keys > 0 && facts.redis !== null ? await RestoredKeys.begin(facts.redis, noteOf(reader, verified)) : null;
  try {
    const writing = terminal.progress('restoring');
    let written = 0;
    try {
      for await (const record of decodeRecords(reader.parts())) {
        if (record.kind === 'file') await files.write(record);
        else if (record.kind === 'group') await keys?.beginGroup(record.names);
        else if (record.kind === 'key' && keys !== null) {
          await keys.add(record.key);
          writing.update(`${(written += 1)} parts of keys`);
        }
      }
      await keys?.end();
    } finally {
      writing.end();
    }
  } finally {
    keys?.close();
  }
  return outcomeOf(verified, files, keys !== null);
}

/** Which backup it is: a restore that was interrupted may go on with the same one only. */
const noteOf = ({ ed25519 }: SealedReader, { madeMs, keys }: Verified): string => `${ed25519} ${madeMs} ${keys}`;

function outcomeOf(verified: Verified, files: RestoredFiles, hasKeys: boolean): Outcome {
  const left = [...files.left, ...(verified.keys > 0 && !hasKeys ? ['the content of Redis'] : [])];
  const keys = hasKeys ? verified.keys : 0;
  const made = new Date(verified.madeMs).toISOString();
  return {
    json: { made_ms: verified.madeMs, files: files.written, keys, left_out: left },
    lines: [
      `Restored from the backup of ${made}: ${countOf(files.written.length, 'file')}, ${countOf(keys, 'key')} of Redis.`,
      ...(left.length === 0 ? [] : [`Left out, since these settings name no place for it: ${left.join(', ')}.`]),
      'Start the node now, and make sure that no other one runs with this key.',
    ],
  };
}
