import { Problem } from '../problems.js';
import type { Progress } from '../terminal/progress.js';
import { KEY_NAME } from './node-files.js';
import { decodeRecords } from './records.js';
import type { SealedReader } from './sealed-file.js';
import type { Counts } from './write-backup.js';

/** What a backup holds, after all of it was read and every part of it checked. */
export interface Verified extends Counts {
  readonly madeMs: number;
  readonly keyText: string;
  /** Names of files, the key's left out. */
  readonly fileNames: readonly string[];
}

/** Reads to the end and keeps nothing but what is returned. Throws Problem for a backup that is damaged or not whole. */
export async function verify(reader: SealedReader, progress: Progress): Promise<Verified> {
  const counted = { files: 0, groups: 0, keys: 0 };
  const fileNames: string[] = [];
  let [madeMs, keyText, lastKey] = [0, '', ''];
  let end: Counts | undefined;
  for await (const record of decodeRecords(reader.parts())) {
    if (end !== undefined) throw notWhole();
    switch (record.kind) {
      case 'manifest':
        madeMs = record.madeMs;
        break;
      case 'file':
        counted.files += 1;
        if (record.name === KEY_NAME) keyText = record.bytes.toString('utf8');
        else fileNames.push(record.name);
        break;
      case 'group':
        counted.groups += 1;
        lastKey = '';
        break;
      case 'key':
        if (record.key.name !== lastKey) counted.keys += 1;
        lastKey = record.key.name;
        progress.update(`${counted.keys} keys of Redis`);
        break;
      case 'end':
        end = record;
    }
  }
  const isWhole = end?.files === counted.files && end.groups === counted.groups && end.keys === counted.keys;
  if (!isWhole || keyText === '') throw notWhole();
  return { ...counted, madeMs, keyText, fileNames };
}

const notWhole = (): Problem => new Problem('The backup is not whole: it lacks what it counts.');
