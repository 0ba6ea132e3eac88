import { Inject, Injectable } from '@nestjs/common';
import { Clock, PRIMITIVES } from '#platform';
import { messageHash, TIME_WINDOWS, type AccountId, type Primitives } from '#protocol';
import { PeerError, PeerTransport } from '#transport';
import { SwarmView } from '../membership/swarm-view.js';
import type { HeldMessage } from '../mailbox/mailboxes.js';
import { decodeFetched, encodeFetchQuestion, type Fetched } from './fetch-codec.js';

/** A member that needs longer for a handful of messages is asked another time. */
const FETCH_MS = 2_500;
/** No expiry lies further ahead. docs/protocol/storage-rpc.md §6 */
const MAX_LIFE_MS = 30 * 86_400_000;

/** Asks the other members for messages, and believes nothing that does not prove itself. docs/protocol/peer.md §7.2 */
@Injectable()
export class FetchFromMembers {
  constructor(
    @Inject(PeerTransport) private readonly peers: PeerTransport,
    @Inject(SwarmView) private readonly view: SwarmView,
    @Inject(PRIMITIVES) private readonly primitives: Primitives,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** From the first member that has it whole; null when none has it, or none answers. */
  async fetch(account: AccountId, hash: string): Promise<HeldMessage | null> {
    const nowMs = this.clock.now();
    const swarm = this.view.requireOwn(account, nowMs);
    const question = encodeFetchQuestion({ account, hashes: [hash] });
    for (const peer of this.view.peersIn(swarm)) {
      try {
        const { status, body } = await this.peers.command(peer, 'sync/fetch', question, FETCH_MS);
        const messages = status === 200 ? (decodeFetched(body) ?? []) : [];
        const found = messages.find(
          (message) => this.#isLegal(message, nowMs) && this.#hashOf(account, message) === hash,
        );
        if (found !== undefined) return { ...found, hash };
      } catch (cause) {
        if (!(cause instanceof PeerError)) throw cause; // the next member may answer
      }
    }
    return null;
  }

  #hashOf(account: AccountId, { namespace, data }: Fetched): string {
    return messageHash(this.primitives, account, namespace, data);
  }

  #isLegal({ expiryMs, timestampMs }: Fetched, nowMs: number): boolean {
    const isAlive = expiryMs > nowMs && expiryMs <= nowMs + MAX_LIFE_MS + TIME_WINDOWS.signatureMs;
    return isAlive && timestampMs <= nowMs + TIME_WINDOWS.signatureMs;
  }
}
