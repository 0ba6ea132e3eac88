/** Where one node's list was left off. */
export interface Cursor {
  readonly hash: string;
  /** After this the node no longer knows the hash. Epoch milliseconds. */
  readonly expiresMs: number;
}

/** What a client must remember between two polls. Plain data: it can be written as JSON. */
export interface PollState {
  /** By `<node Ed25519 key>/<namespace>`: every node stores in an order of its own. */
  readonly cursors: Readonly<Record<string, Cursor>>;
  /** Storage hashes that were looked at, with their expiry. */
  readonly seen: Readonly<Record<string, number>>;
  /** Fingerprints of messages that were delivered, with their expiry; copies may have other hashes. */
  readonly delivered: Readonly<Record<string, number>>;
}

/** Keeps poll states by Account ID. `save` must have finished writing when its promise is fulfilled. */
export interface PollStateStore {
  load(accountId: string): Promise<PollState | null>;
  save(accountId: string, state: PollState): Promise<void>;
}

export const EMPTY_POLL_STATE: PollState = { cursors: {}, seen: {}, delivered: {} };

/** A store that forgets with the process. */
export class MemoryPollStateStore implements PollStateStore {
  private readonly states = new Map<string, PollState>();

  load(accountId: string): Promise<PollState | null> {
    return Promise.resolve(this.states.get(accountId) ?? null);
  }

  save(accountId: string, state: PollState): Promise<void> {
    this.states.set(accountId, state);
    return Promise.resolve();
  }
}
