import { asRedisProblem, type RedisClient } from '#platform';
import { AccountId } from '#protocol';
import { accountKeys, accountTag, DUE_SHARDS, dueKey } from '../mailbox/account-keys.js';
import { mailboxScript } from '../mailbox/mailbox-scripts.js';
import { nameInRecord, readMessage, sizeInRecord } from '../mailbox/message-record.js';
import type { HeldMessage } from '../mailbox/mailboxes.js';

const SAMPLE = mailboxScript(new URL('sample-message.lua', import.meta.url));
const DROP = mailboxScript(new URL('drop-message.lua', import.meta.url));

const PLACE_BYTES = 9;

/** One message as Redis has it. */
export interface Sample {
  readonly account: AccountId;
  readonly message: HeldMessage;
  /** Its keys agree with each other: index, order, body and size. */
  readonly agrees: boolean;
  /** For `drop`. */
  readonly record: Buffer;
}

/** Messages by chance: an account out of an index of due ones, then one of its messages. Nothing is scanned. */
export class AuditSamples {
  constructor(
    private readonly redis: RedisClient,
    private readonly prefix: string,
  ) {}

  /** `chance` from 0 to below 1 chooses the index. Null when nothing was met. Throws RedisUnavailable. */
  async take(chance: number): Promise<Sample | null> {
    const key = dueKey(this.prefix, Math.floor(chance * DUE_SHARDS));
    const [tag] = await this.#ask(() => this.redis.zrandmember(key, 1));
    const account = tag === undefined ? null : AccountId.read(Buffer.from(tag, 'base64url'));
    if (tag === undefined || account === null) return null;
    const keys = accountKeys(this.prefix, tag);
    const [record, body, expiry, place] = (await SAMPLE.run(this.redis, keys, [])) as [
      Buffer?,
      Buffer?,
      Buffer?,
      Buffer?,
    ];
    if (record === undefined || body === undefined || expiry === undefined) return null;
    const message = { ...readMessage(record, body, expiry), namespace: nameInRecord(record).namespace };
    const isIndexed = place?.equals(record.subarray(0, PLACE_BYTES)) ?? false;
    return { account, message, agrees: isIndexed && message.data.length === sizeInRecord(record), record };
  }

  /** Takes a message out of view; does nothing when it went meanwhile. */
  async drop({ account, record }: Sample): Promise<void> {
    await DROP.run(this.redis, accountKeys(this.prefix, accountTag(account)), [record]);
  }

  async #ask<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command();
    } catch (cause) {
      throw asRedisProblem(cause);
    }
  }
}
