import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { NodeFacts } from '../config/node-facts.js';
import { makeFolder } from '../files/make-folder.js';
import { Problem, reasonOf } from '../problems.js';
import { placesOf, readNodeFile } from './node-files.js';

interface GivenFile {
  readonly name: string;
  readonly bytes: Buffer;
}

const OWNER_ONLY = 0o600;

/** Files of a backup on their way to where the settings want them. What is there already is never changed. */
export class RestoredFiles {
  readonly written: string[] = [];
  /** Names for which the settings have no place. */
  readonly left: string[] = [];

  constructor(private readonly facts: NodeFacts) {}

  /** Throws Problem when another file is in the way; one with the same content is not. */
  async check({ name, bytes }: GivenFile): Promise<void> {
    for (const path of placesOf(this.facts, name)) {
      const present = await readNodeFile(path);
      if (present !== null && !present.equals(bytes)) {
        throw new Problem(`${path} exists already, with other content, and is not overwritten: move it away.`);
      }
    }
  }

  async write({ name, bytes }: GivenFile): Promise<void> {
    const places = placesOf(this.facts, name);
    if (places.length === 0) this.left.push(name);
    for (const path of places) {
      if ((await readNodeFile(path)) !== null) continue;
      await create(path, bytes);
      this.written.push(path);
    }
  }
}

async function create(path: string, bytes: Buffer): Promise<void> {
  await makeFolder(dirname(path));
  try {
    const file = await open(path, 'wx', OWNER_ONLY);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new Problem(`${path} cannot be written: ${reasonOf(cause)}.`);
  }
}
