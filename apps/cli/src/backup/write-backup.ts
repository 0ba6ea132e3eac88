import { RedisContents } from '#platform';
import type { NodeFacts } from '../config/node-facts.js';
import { Interrupted } from '../problems.js';
import type { Progress } from '../terminal/progress.js';
import { RESTORE_NOTE } from '../../../storage/src/storage.config.js';
import { companionsOf } from './mailbox-keys.js';
import { KEY_NAME, readNodeFile, stateFilesOf } from './node-files.js';
import { encodeRecord, piecesOf } from './records.js';
import type { BackupRecord } from './records.js';

export interface Counts {
  readonly files: number;
  readonly groups: number;
  readonly keys: number;
}

export interface BackupSource {
  readonly facts: NodeFacts;
  /** What the key file holds, written as text. */
  readonly keyText: string;
  readonly madeMs: number;
  readonly program: string;
  readonly progress: Progress;
  readonly interrupted: AbortSignal;
}

/** All records of a backup of this node, to be sealed one after the other. Throws Interrupted, and what Redis answers. */
export async function* recordsOf(source: BackupSource): AsyncGenerator<BackupRecord> {
  const { facts, keyText, madeMs, program } = source;
  yield { kind: 'manifest', madeMs, program };
  yield { kind: 'file', name: KEY_NAME, bytes: Buffer.from(keyText) };
  let files = 1;
  for (const { name, path } of await stateFilesOf(facts)) {
    const bytes = await readNodeFile(path);
    if (bytes === null) continue; // removed since the folder was read
    yield { kind: 'file', name, bytes };
    files += 1;
  }
  const { groups, keys } = yield* keyRecords(source);
  yield { kind: 'end', files, groups, keys };
}

async function* keyRecords(source: BackupSource): AsyncGenerator<BackupRecord, Pick<Counts, 'groups' | 'keys'>> {
  const counts = { groups: 0, keys: 0 };
  const { redis } = source.facts;
  if (redis === null) return counts;
  const contents = await RedisContents.open({ ...redis, name: 'backup' });
  try {
    for await (const group of contents.groups(companionsOf)) {
      if (source.interrupted.aborted) throw new Interrupted();
      const [first] = group;
      if (first === undefined || first.name === RESTORE_NOTE) continue; // no part of a backup
      yield { kind: 'group', names: companionsOf(first.name) };
      for (const key of group) for (const piece of piecesOf(key)) yield { kind: 'key', key: piece };
      counts.groups += 1;
      counts.keys += group.length;
      source.progress.update(`${counts.keys} keys of Redis`);
    }
  } finally {
    contents.close();
  }
  return counts;
}

/** Seals records in the order in which they come. */
export async function writeRecords(
  records: AsyncIterable<BackupRecord>,
  to: { write: (bytes: Buffer) => Promise<void>; end: () => Promise<void> },
): Promise<void> {
  for await (const record of records) await to.write(encodeRecord(record));
  await to.end();
}
