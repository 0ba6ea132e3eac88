import { RedisContents } from '#platform';
import type { StoredKey } from '#platform';
import type { NodeFacts } from '../config/node-facts.js';
import { Problem, sentenceOf } from '../problems.js';
import { RESTORE_NOTE } from '../../../storage/src/storage.config.js';

/**
 * Keys of a backup on their way into Redis, where there must be none of this node. Each group takes the place of what is
 * under its names, so that a restore that was interrupted can be done again.
 */
export class RestoredKeys {
  private constructor(private readonly contents: RedisContents) {}

  /** `note` names the backup. Throws Problem where Redis holds data already, and ServiceUnreachable. */
  static async begin(redis: NonNullable<NodeFacts['redis']>, note: string): Promise<RestoredKeys> {
    const contents = await RedisContents.open({ ...redis, name: 'restore' });
    try {
      const begun = await contents.noteAt(RESTORE_NOTE);
      if (begun === null && !(await isEmpty(contents))) {
        throw new Problem(
          `Redis holds keys of ${redis.keyPrefix} already, which are not overwritten: set another STORAGE_REDIS_PREFIX, or remove them.`,
        );
      }
      if (begun !== null && begun !== note) {
        throw new Problem(
          'Another backup was being restored into this Redis and is not all there: go on with that one.',
        );
      }
      await contents.leaveNote(RESTORE_NOTE, note);
      return new RestoredKeys(contents);
    } catch (cause) {
      contents.close();
      throw cause;
    }
  }

  async beginGroup(names: readonly string[]): Promise<void> {
    await this.#told(() => this.contents.remove(names));
  }

  async add(piece: StoredKey): Promise<void> {
    await this.#told(() => this.contents.add(piece));
  }

  /** Only now the content of Redis counts as whole. */
  async end(): Promise<void> {
    await this.#told(() => this.contents.remove([RESTORE_NOTE]));
  }

  close(): void {
    this.contents.close();
  }

  async #told(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (cause) {
      const again = 'restore the same backup again when that is mended';
      const says = sentenceOf(cause).startsWith('OOM') ? 'Redis is full' : `Redis refuses: ${sentenceOf(cause)}`;
      throw new Problem(`${says}. Not all is restored: ${again}.`);
    }
  }
}

async function isEmpty(contents: RedisContents): Promise<boolean> {
  for await (const name of contents.names()) return name === '';
  return true;
}
