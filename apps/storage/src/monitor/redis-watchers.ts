import { LuaScript, type RedisClient } from '#platform';
import type { AccountId } from '#protocol';
import { accountKeys, accountTag } from '../mailbox/account-keys.js';
import { fullOr } from '../mailbox/mailboxes.js';
import { Watchers, type Watch } from './watchers.js';

const NOTE = LuaScript.load(new URL('note-watcher.lua', import.meta.url), ['watchers']);

/** As long as a subscription lasts. docs/protocol/storage-rpc.md §10.1 */
const LIFE_MS = 65 * 60_000;

/** Values of the key, which `store-message.lua` reads too. docs/storage-layout.md */
const WISHES = { with_data: 'd', without_data: '' } as const;

/** What the script of a store tells of the key: 0 nobody, then as here. */
export const WATCHES: readonly (Watch | undefined)[] = [undefined, 'without_data', 'with_data'];

export class RedisWatchers extends Watchers {
  constructor(
    private readonly redis: RedisClient,
    private readonly prefix: string,
  ) {
    super();
  }

  async note(account: AccountId, watch: Watch): Promise<void> {
    const { watchers } = accountKeys(this.prefix, accountTag(account));
    await NOTE.run(this.redis, { watchers }, [WISHES[watch], LIFE_MS]).catch(fullOr);
  }
}
