/** Keys of one account, by their last letter. docs/storage-layout.md */
const OF_ACCOUNT = ['i', 'm', 'o', 'e', 't', 'r', 'w'] as const;
const ACCOUNT_KEY = /^(\{[^}]+\}:)([a-z])$/;

/** All keys of an account are read at one moment; any other key is read by itself. */
export function companionsOf(name: string): readonly string[] {
  const [, account, letter] = ACCOUNT_KEY.exec(name) ?? [];
  const isOurs = OF_ACCOUNT.some((known) => known === letter);
  return account !== undefined && isOurs ? OF_ACCOUNT.map((each) => account + each) : [name];
}
