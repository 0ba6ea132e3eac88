import { LuaScript } from '#platform';

const KEYS = ['index', 'bodies', 'order', 'expiries', 'tombstones'] as const;

/** Every script of a mailbox declares the same keys of one account, all in one slot, in the order of records.lua. */
export const mailboxScript = <const More extends string = never>(
  file: URL,
  ...more: readonly More[]
): LuaScript<(typeof KEYS)[number] | More> =>
  LuaScript.load(file, [...KEYS, ...more], new URL('records.lua', import.meta.url));

const script = <const More extends string = never>(
  file: string,
  ...more: readonly More[]
): LuaScript<(typeof KEYS)[number] | More> => mailboxScript(new URL(file, import.meta.url), ...more);

export const STORE = script('store-message.lua', 'watchers');
/** The same, and the account's entry among the due ones, where one server has both. */
export const STORE_AND_NOTE = script('store-message.lua', 'watchers', 'due');
export const PAGE = script('page-messages.lua');
export const DELETE = script('delete-messages.lua');
export const DELETE_MANY = script('delete-many.lua');
export const CHANGE_EXPIRIES = script('change-expiries.lua');
export const SHORTEN_MANY = script('shorten-many.lua');
export const READ_EXPIRIES = script('read-expiries.lua');
export const PURGE = script('purge-account.lua');
export const FETCH = script('fetch-messages.lua');
