import { bytesToHex, utf8 } from '#protocol';
import type { Primitives } from '#protocol';
import type { Cursor, PollState } from './poll-state.js';

/** One namespace of a busy account for 14 days; beyond it old messages may be shown a second time. */
const MAX_HASHES = 20_000;
/** A swarm has up to ten members and changes now and then. */
const MAX_CURSORS = 500;
/** Nodes keep nothing longer: docs/protocol/storage-rpc.md §6. A node that says otherwise must not fill our memory. */
const MAX_LIFE_MS = 2_592_000_000;
const FINGERPRINT_BYTES = 16;

/** A poll state that is being worked on. Entries whose time has passed are left out. */
export class PollLedger {
  private readonly cursors: Map<string, Cursor>;
  private readonly seen: Map<string, number>;
  private readonly delivered: Map<string, number>;

  constructor(
    state: PollState,
    private readonly nowMs: number,
    private readonly primitives: Primitives,
  ) {
    this.cursors = new Map(Object.entries(state.cursors).filter(([, { expiresMs }]) => expiresMs > nowMs));
    this.seen = new Map(Object.entries(state.seen).filter(([, expiresMs]) => expiresMs > nowMs));
    this.delivered = new Map(Object.entries(state.delivered).filter(([, expiresMs]) => expiresMs > nowMs));
  }

  /** Empty when this node is asked from its start. */
  lastHash(nodeId: string, namespace: number): string {
    return this.cursors.get(`${nodeId}/${namespace}`)?.hash ?? '';
  }

  advance(nodeId: string, namespace: number, hash: string, expiresMs: number): void {
    this.cursors.set(`${nodeId}/${namespace}`, { hash, expiresMs: this.bounded(expiresMs) });
  }

  /** True the first time. */
  see(hash: string, expiresMs: number): boolean {
    if (this.seen.has(hash)) return false;
    this.seen.set(hash, this.bounded(expiresMs));
    return true;
  }

  /**
   * True the first time for this message, whatever its storage hash (docs/protocol/client-messages.md §2.10 step 9).
   * A fingerprint is kept, so that the file does not list who wrote to whom.
   */
  deliver(conversationId: string, senderId: string, sentMs: number, expiresMs: number): boolean {
    const identity = utf8(`${conversationId} ${senderId} ${sentMs}`);
    const fingerprint = bytesToHex(this.primitives.blake2b([identity], FINGERPRINT_BYTES));
    if (this.delivered.has(fingerprint)) return false;
    this.delivered.set(fingerprint, this.bounded(expiresMs));
    return true;
  }

  /** The state to save, within its bounds: what expires last stays. */
  toState(): PollState {
    return {
      cursors: Object.fromEntries(newest([...this.cursors], MAX_CURSORS, ({ expiresMs }) => expiresMs)),
      seen: Object.fromEntries(newest([...this.seen], MAX_HASHES, (expiresMs) => expiresMs)),
      delivered: Object.fromEntries(newest([...this.delivered], MAX_HASHES, (expiresMs) => expiresMs)),
    };
  }

  private bounded(expiresMs: number): number {
    return Math.min(expiresMs, this.nowMs + MAX_LIFE_MS);
  }
}

function newest<T>(entries: [string, T][], count: number, expiry: (value: T) => number): [string, T][] {
  if (entries.length <= count) return entries;
  return entries.sort(([, a], [, b]) => expiry(b) - expiry(a)).slice(0, count);
}
