import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Account } from '#client';
import { createSecretFile, readIfThere } from '../files/private-file.js';
import { homeFolder, knownDevnets } from '../files/home.js';
import { Problem, UsageProblem } from '../problems.js';

const FOLDER = 'accounts';
const ENDING = '.json';
const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/;
const ACCOUNT_ID_PATTERN = /^05[0-9a-f]{64}$/i;

/** What an account file holds: enough to restore it, and its id for people who look. */
const accountFile = z.strictObject({ id: z.string(), recovery_phrase: z.string() });

export interface NamedAccount {
  readonly name: string;
  readonly file: string;
  readonly account: Account;
}

/** The accounts of this user, one file of mode 0600 each. Devnets may bring accounts of their own. */
export class AccountShelf {
  private readonly folders: readonly string[];

  /** `devnet`: the folder of a devnet whose accounts come first. */
  constructor(env: NodeJS.ProcessEnv, devnet?: string) {
    const first = devnet === undefined ? [] : [devnet];
    this.folders = [...new Set([...first, homeFolder(env), ...knownDevnets(env)])].map((each) => join(each, FOLDER));
  }

  /** Throws Problem when the name is taken, UsageProblem when it cannot be a name. */
  async put(name: string, account: Account): Promise<NamedAccount> {
    const [file = ''] = this.filesOf(name);
    const content = { id: account.id, recovery_phrase: account.mnemonic() };
    await createSecretFile(file, `${JSON.stringify(content, null, 2)}\n`);
    return { name, file, account };
  }

  async names(): Promise<string[]> {
    const lists = await Promise.all(this.folders.map((folder) => readdir(folder).catch((): string[] => [])));
    const files = [...new Set(lists.flat())];
    const names = files.filter((file) => file.endsWith(ENDING)).map((file) => file.slice(0, -ENDING.length));
    return names.filter((name) => NAME_PATTERN.test(name)).sort();
  }

  /** Throws Problem when there is no such account. */
  async get(name: string): Promise<NamedAccount> {
    const found = await this.find(name);
    if (found) return found;
    const names = await this.names();
    const others = names.length === 0 ? '`starling account new` makes one' : `there are ${names.join(', ')}`;
    throw new Problem(`There is no account named ${name}: ${others}.`);
  }

  /** The account that is meant: the one named, or the only one there is. `how`: the way to name one. */
  async chosen(name: string | undefined, how = '--as NAME'): Promise<NamedAccount> {
    if (name !== undefined) return this.get(name);
    const [only, ...others] = await this.names();
    if (only === undefined) throw new Problem('There is no account yet: `starling account new` makes one.');
    if (others.length === 0) return this.get(only);
    throw new UsageProblem(`There are several accounts (${[only, ...others].join(', ')}): say which with ${how}.`);
  }

  /** The Account ID that a person meant: an id itself, or the name of an account on this machine. */
  async idOf(text: string): Promise<string> {
    if (ACCOUNT_ID_PATTERN.test(text)) return text.toLowerCase();
    const found = NAME_PATTERN.test(text) ? await this.find(text) : null;
    if (found) return found.account.id;
    throw new UsageProblem(`${text} is neither an Account ID (66 hex digits that begin with 05) nor an account here.`);
  }

  private async find(name: string): Promise<NamedAccount | null> {
    for (const file of this.filesOf(name)) {
      const text = await readIfThere(file);
      if (text !== null) return { name, file, account: accountIn(file, text) };
    }
    return null;
  }

  private filesOf(name: string): string[] {
    if (!NAME_PATTERN.test(name)) {
      throw new UsageProblem('An account name has up to 32 letters, digits, hyphens and underscores.');
    }
    return this.folders.map((folder) => join(folder, `${name}${ENDING}`));
  }
}

function accountIn(file: string, text: string): Account {
  try {
    const { recovery_phrase: phrase } = accountFile.parse(JSON.parse(text));
    return Account.fromMnemonic(phrase);
  } catch {
    // What was thrown may quote the file, which holds the phrase.
    throw new Problem(`${file} is not an account file, or it is damaged.`);
  }
}
