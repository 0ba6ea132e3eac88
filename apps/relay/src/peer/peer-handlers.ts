import { InvalidHopFrame, PathTooLong, decodeHopFrame, utf8, type HopFrame, type StandingKnown } from '#protocol';
import type { Clock } from '#platform';
import type { Command, PeerHandlers, PeerReply } from '#transport';
import type { Line } from '../bandwidth/line.js';
import { LARGE_BYTES, type Load } from '../limits/load.js';
import { HTTP_TEXTS } from '../listener/http-texts.js';
import type { HopAnswer } from '../onion/hop-answer.js';
import { hopStatus } from '../onion/hop-status.js';
import type { OnionHop } from '../onion/onion-hop.js';
import type { Refusal, RelayMetrics } from '../relay.metrics.js';
import type { StorageRpc } from '../rpc/storage-rpc.js';
import type { StandingAnswers } from './standing-answers.js';

export interface PeerHandlersParts {
  readonly hop: OnionHop;
  readonly storage: StorageRpc;
  readonly standings: StandingAnswers;
  readonly load: Load;
  readonly line: Line;
  readonly metrics: RelayMetrics;
  readonly clock: Clock;
}

/** Both kinds of work that other nodes send: in the words they know when there is no room for more. docs/protocol/onion.md §10.1 */
export const BUSY: PeerReply = { status: 503, body: utf8(HTTP_TEXTS.busy) };

/** What this node does for other nodes. docs/protocol/peer.md */
export class RelayPeerHandlers implements PeerHandlers {
  constructor(private readonly parts: PeerHandlersParts) {}

  onion(bytes: Uint8Array, _from: string, budgetMs: number): Promise<PeerReply> {
    if (bytes.length <= LARGE_BYTES && !this.parts.line.admits(bytes.length)) return this.refuse('bandwidth');
    return this.withPlace(bytes.length, () => this.passOnion(bytes, budgetMs));
  }

  /**
   * A swarm member forwards clients' requests, or asks for itself; storage decides whether it is one. What came in one
   * request goes on in one; commands for which there is no place are left out.
   */
  commands(commands: readonly Command[], from: string): readonly Promise<PeerReply>[] {
    const { storage, load, line, metrics, clock } = this.parts;
    // A member keeps what is not taken and sends it again, so copies are the last to be refused.
    if (line.isOverdrawn) return commands.map(() => this.refuse('bandwidth'));
    const started = clock.monotonicMs();
    const placed = commands.filter(() => load.enter());
    const answers = storage.peer(placed, from).finally(() => placed.forEach(() => load.leave()));
    const reply = async ({ params }: Command, at: number): Promise<PeerReply> => {
      if (at >= placed.length) return this.refuse('busy');
      const answer = (await answers)[at] ?? BUSY;
      metrics.rpc('peer', answer.status, clock.monotonicMs() - started);
      metrics.addBytes(params.length, answer.body.length);
      line.send(answer.body.length);
      return answer;
    };
    return commands.map(reply);
  }

  /** Takes no place: like a ping it must be answered under load. */
  standing(from: string, instance: string, budgetMs: number): Promise<StandingKnown> {
    return this.parts.standings.about(from, instance, budgetMs);
  }

  private async passOnion(bytes: Uint8Array, budgetMs: number): Promise<PeerReply> {
    let frame: HopFrame;
    try {
      frame = decodeHopFrame(bytes);
    } catch (cause) {
      if (!(cause instanceof InvalidHopFrame || cause instanceof PathTooLong)) throw cause;
      this.parts.metrics.onion('peer', cause instanceof PathTooLong ? 'path_too_long' : 'parse_error', 'none', 0);
      return { status: cause.reply.status, body: utf8(cause.reply.body) };
    }
    return toReply(await this.parts.hop.handle(frame, 'peer', budgetMs));
  }

  private refuse(reason: Refusal): Promise<PeerReply> {
    this.parts.metrics.refused(reason);
    return Promise.resolve(BUSY);
  }

  private async withPlace(bytesIn: number, work: () => Promise<PeerReply>): Promise<PeerReply> {
    const { load, line, metrics } = this.parts;
    if (!load.enter()) return this.refuse('busy');
    try {
      const reply = await work();
      metrics.addBytes(bytesIn, reply.body.length);
      line.send(reply.body.length);
      return reply;
    } finally {
      load.leave();
    }
  }
}

/** The sender would read the status so anyway; some of an outside server's would not survive the way. */
function toReply({ status, body }: HopAnswer): PeerReply {
  return { status: hopStatus(status), body: typeof body === 'string' ? Buffer.from(body, 'latin1') : body };
}
