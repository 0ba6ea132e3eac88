import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import {
  encodeSignedList,
  ListRefused,
  noblePrimitives,
  parseNetworkList,
  parseSignedList,
  verifySignedList,
} from '#protocol';
import type { ListSignature, ListTrust, NetworkList } from '#protocol';
import { readIfThere, replacePublicFile } from '../files/private-file.js';
import { shown } from '../files/home.js';
import { ConfigurationProblem, Problem } from '../problems.js';

const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const trustFile = z.strictObject({ network: z.string(), admins: z.array(hex64).min(1), required: z.int().min(1) });

/** A list that waits for signatures. */
export interface Draft {
  readonly list: NetworkList;
  readonly signatures: readonly ListSignature[];
}

/**
 * The folder in which administrators keep their network:
 * `trust.json` (its name, whose signatures count and how many), `network.json` (the signed list, for the nodes),
 * `draft.json` (the next list, until enough have signed) and `lists/` (all lists so far, by epoch).
 */
export class NetworkFolder {
  readonly listFile: string;
  private readonly draftFile: string;

  private constructor(
    private readonly dir: string,
    readonly trust: ListTrust,
  ) {
    this.listFile = join(dir, 'network.json');
    this.draftFile = join(dir, 'draft.json');
  }

  /** Throws Problem when the folder holds a network already. */
  static async create(dir: string, trust: ListTrust): Promise<NetworkFolder> {
    const path = join(resolve(dir), 'trust.json');
    if ((await readIfThere(path)) !== null)
      throw new Problem(`${shown(path)} exists: the folder holds a network already.`);
    await replacePublicFile(path, `${JSON.stringify(trust, null, 2)}\n`);
    return new NetworkFolder(resolve(dir), trust);
  }

  /** Throws Problem when the folder holds none, ConfigurationProblem when its files are damaged. */
  static async open(dir: string): Promise<NetworkFolder> {
    const path = join(resolve(dir), 'trust.json');
    const text = await readIfThere(path);
    if (text === null)
      throw new Problem(`There is no network in ${shown(resolve(dir))}: \`starling network init\` begins one.`);
    try {
      return new NetworkFolder(resolve(dir), trustFile.parse(JSON.parse(text)));
    } catch {
      throw new ConfigurationProblem(`${shown(path)} is damaged: it must hold network, admins and required.`);
    }
  }

  /** The list in force, its signatures checked; null before the first. Throws ConfigurationProblem. */
  async current(): Promise<NetworkList | null> {
    const text = await readIfThere(this.listFile);
    if (text === null) return null;
    return inFile(this.listFile, () => verifySignedList(noblePrimitives, parseSignedList(text), this.trust));
  }

  /** Null when there is nothing to sign. Throws ConfigurationProblem. */
  async draft(): Promise<Draft | null> {
    const text = await readIfThere(this.draftFile);
    if (text === null) return null;
    return inFile(this.draftFile, () => {
      const { listText, signatures } = parseSignedList(text);
      return { list: parseNetworkList(noblePrimitives, listText), signatures };
    });
  }

  async saveDraft({ list, signatures }: Draft): Promise<void> {
    await replacePublicFile(this.draftFile, encodeSignedList({ listText: list.text, signatures }));
  }

  async dropDraft(): Promise<void> {
    await rm(this.draftFile, { force: true });
  }

  /** Makes a draft with enough signatures the list in force. Throws ListRefused when they are not enough. */
  async publish({ list, signatures }: Draft): Promise<void> {
    const signed = { listText: list.text, signatures };
    verifySignedList(noblePrimitives, signed, this.trust);
    const file = encodeSignedList(signed);
    await replacePublicFile(join(this.dir, 'lists', `${list.epoch}.json`), file);
    await replacePublicFile(this.listFile, file);
    await this.dropDraft();
  }
}

/** A list that is refused is a file that somebody has to put right, so its name is said. */
function inFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof ListRefused) throw new ConfigurationProblem(`${shown(path)}: ${cause.message}`);
    throw cause;
  }
}
