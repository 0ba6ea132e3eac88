import { Inject, Injectable } from '@nestjs/common';
import { encodeHopFrame, onionTexts, type NodeRecord, type RelayNodeAction } from '#protocol';
import { PeerProtocolError, PeerTimeout, PeerTransport, PeerUnreachable, type PeerReply } from '#transport';
import { Line } from '../bandwidth/line.js';
import { Standing } from '../readiness/standing.js';
import { clear, type HopAnswer } from './hop-answer.js';
import { hopStatus } from './hop-status.js';

const TIMED_OUT = clear(504, onionTexts.requestTimedOut, 'timeout');
/**
 * A node that refuses the connection gets the same words as a silent one. `Next node is currently unreachable` makes
 * some clients drop that node for good, and from here a broken line of our own looks no different.
 * docs/protocol/onion.md §4.2, §8.6
 */
const UNREACHABLE = clear(504, onionTexts.requestTimedOut, 'unreachable');
const BAD_REPLY = clear(500, onionTexts.invalidNodeResponse, 'bad_reply');

/** Passes a layer on to the next node and its answer back. docs/protocol/onion.md §4.2 */
@Injectable()
export class NextHop {
  constructor(
    @Inject(Standing) private readonly standing: Standing,
    @Inject(PeerTransport) private readonly peers: PeerTransport,
    @Inject(Line) private readonly line: Line,
  ) {}

  /** `hopNo`: the number that the frame carries, already raised. `timeoutMs` may be spent. */
  async forward(action: RelayNodeAction, hopNo: number, timeoutMs: number): Promise<HopAnswer> {
    const { destination, ciphertext, encType, ephemeralKey } = action;
    const node = this.standing.view?.node(destination); // every listed node, also one outside all swarms
    if (node === undefined) return clear(502, onionTexts.nextNodeNotFoundPrefix + destination, 'not_found');
    if (!hasContact(node)) return clear(502, onionTexts.nextNodeUnreachablePrefix + destination, 'unreachable');
    if (timeoutMs <= 0) return TIMED_OUT;
    try {
      const frame = encodeHopFrame({ data: ciphertext, encType, ephemeralKey, hopNo });
      this.line.send(ciphertext.length);
      return passBack(await this.peers.onion(node, frame, timeoutMs));
    } catch (cause) {
      if (cause instanceof PeerTimeout) return TIMED_OUT;
      if (cause instanceof PeerUnreachable) return UNREACHABLE;
      if (cause instanceof PeerProtocolError) return BAD_REPLY;
      throw cause;
    }
  }
}

function passBack({ status, body }: PeerReply): HopAnswer {
  return { status: hopStatus(status), body, outcome: 'relay_node' };
}

/** A node that has not told anyone where it is yet is listed with zeros. */
function hasContact({ ip, peerPort }: NodeRecord): boolean {
  return ip !== '0.0.0.0' && peerPort !== 0;
}
