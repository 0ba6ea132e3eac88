import { z } from 'zod';
import type { PollState, PollStateStore } from '#client';
import { readIfThere, replaceFile } from '../files/private-file.js';
import { Problem } from '../problems.js';

const expiries = z.record(z.string(), z.number());
const pollState = z.strictObject({
  cursors: z.record(z.string(), z.strictObject({ hash: z.string(), expiresMs: z.number() })),
  seen: expiries,
  delivered: expiries,
});

/** What was already fetched for one account, beside its account file. */
export class PollStateFile implements PollStateStore {
  private readonly path: string;

  constructor(accountFile: string) {
    this.path = accountFile.replace(/\.json$/, '.received');
  }

  async load(): Promise<PollState | null> {
    const text = await readIfThere(this.path);
    if (text === null) return null;
    try {
      return pollState.parse(JSON.parse(text));
    } catch {
      throw new Problem(`${this.path} is damaged: remove it, and messages that are still stored are shown again.`);
    }
  }

  save(_accountId: string, state: PollState): Promise<void> {
    return replaceFile(this.path, `${JSON.stringify(state)}\n`);
  }
}
