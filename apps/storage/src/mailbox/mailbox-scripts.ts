import { LuaScript } from '#platform';

/** Every script of a mailbox declares the same keys of one account, all in one slot, in the order of records.lua. */
const script = (file: string): LuaScript<'index' | 'bodies' | 'order' | 'expiries'> =>
  LuaScript.load(
    new URL(file, import.meta.url),
    ['index', 'bodies', 'order', 'expiries'],
    new URL('records.lua', import.meta.url),
  );

export const STORE = script('store-message.lua');
export const PAGE = script('page-messages.lua');
export const DELETE = script('delete-messages.lua');
export const DELETE_MANY = script('delete-many.lua');
export const CHANGE_EXPIRIES = script('change-expiries.lua');
export const SHORTEN_MANY = script('shorten-many.lua');
export const READ_EXPIRIES = script('read-expiries.lua');
export const PURGE = script('purge-account.lua');
