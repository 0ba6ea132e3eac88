import { AccountId } from '../account-id.js';
import { InvalidRequest } from '../errors.js';
import { TEXTS } from '../texts.js';
import { STRING } from './field-types.js';
import type { FieldValues } from './params.js';
import type { WireString } from './wire-string.js';

/** Some methods take the account under two spellings; one of them has to be there. */
export const ACCOUNT_FIELDS = { pubKey: STRING, pubkey: STRING } as const;

/** Throws InvalidRequest; `badFormat` because get_swarm words it in its own way. */
export function requireAccount(pubkey: WireString | null, badFormat: string = TEXTS.parse.pubkey): AccountId {
  if (pubkey === null) throw new InvalidRequest(TEXTS.field.missing('pubkey'));
  const account = AccountId.read(pubkey);
  if (account === null) throw new InvalidRequest(badFormat);
  return account;
}

export function requireOneAccount(fields: FieldValues<typeof ACCOUNT_FIELDS>, badFormat?: string): AccountId {
  return requireAccount(eitherOf('pubkey', fields.pubkey, 'pubKey', fields.pubKey), badFormat);
}

/** Two names of one thing: whichever is given. Throws InvalidRequest when both are. */
export function eitherOf<T>(name: string, value: T | null, alias: string, aliasValue: T | null): T | null {
  if (value !== null && aliasValue !== null) throw new InvalidRequest(TEXTS.field.exclusive(name, alias));
  return value ?? aliasValue;
}
