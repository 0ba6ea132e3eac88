import type { PeerReply, RequestLine } from '#transport';
import { ROUTES } from '#transport';
import type { Line } from '../bandwidth/line.js';
import { LARGE_BYTES } from '../limits/load.js';
import type { RelayMetrics } from '../relay.metrics.js';
import { BUSY } from './peer-handlers.js';

/** What of a large frame has been read when its head has: as much as Node reads before somebody asks for it. */
const READ_AHEAD_BYTES = 64 * 1024;

/** What the peer port takes of the line. Copies of members of the swarm are counted, and judged later. docs/protocol/onion.md §6.4.2 */
export class PeerLine implements RequestLine {
  constructor(
    private readonly line: Line,
    private readonly metrics: RelayMetrics,
  ) {}

  /** Of a small frame most has come with its head, and another handshake would move more than it. */
  refusal(route: string, announced: number): PeerReply | null {
    if (route !== ROUTES.onion || announced <= LARGE_BYTES || this.line.admits(announced)) return null;
    this.metrics.refused('bandwidth');
    this.line.receive(READ_AHEAD_BYTES, 0, announced); // so that messages do not pay for it
    return BUSY;
  }

  receive(route: string, bytes: number, before: number, announced: number): boolean {
    const isWorthIt = this.line.receive(bytes, before, announced);
    if (isWorthIt || route !== ROUTES.onion) return true;
    this.metrics.refused('bandwidth');
    return false;
  }
}
