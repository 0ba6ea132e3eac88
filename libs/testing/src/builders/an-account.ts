import { AccountId } from '#protocol';

/** The account of a person whose key is this byte and nothing else. */
export const anAccount = (byte: number): AccountId =>
  AccountId.parse(`05${byte.toString(16).padStart(2, '0').repeat(32)}`);
