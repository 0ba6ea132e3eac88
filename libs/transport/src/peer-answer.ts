import type { ServerResponse } from 'node:http';
import { CONTRACT_HEADER, OTHER_VERSION_STATUS, type PeerContract } from './peer-contract.js';
import type { PeerReply } from './peer-transport.js';
import { replyFrame } from './wire.js';
import { writeInPieces } from './in-pieces.js';

/** Why the transport itself has no answer, and the HTTP status that says so. docs/protocol/peer.md §5 */
const REFUSALS = {
  malformed: 400,
  'not-a-member': 403,
  'no-such-route': 404,
  'too-long': 413,
  fault: 500,
  busy: 503,
  late: 504,
  'other-version': OTHER_VERSION_STATUS,
} as const;

export type Refusal = keyof typeof REFUSALS;

/** A body that goes out as it is, or a reply that is framed on its way. */
export type Answer = { readonly bytes: Uint8Array } | PeerReply;

/** How long the other side has to read an early answer while it still sends. */
const UNREAD_LINGER_MS = 3_000;

/** Below this, one copy is cheaper than three writes. */
const COPIED_BYTES = 16 * 1024;

export function answer(response: ServerResponse, what: Answer, contract: PeerContract): void {
  if (response.destroyed) return;
  if ('bytes' in what) {
    head(response, 200, what.bytes.length, contract);
    response.end(what.bytes);
    return;
  }
  const { body } = what;
  const frame = replyFrame(what);
  head(response, 200, frame.head.length + body.length + frame.tail.length, contract);
  if (body.length <= COPIED_BYTES) {
    response.end(Buffer.concat([Buffer.from(frame.head, 'latin1'), body, Buffer.from(frame.tail, 'latin1')]));
    return;
  }
  response.write(frame.head, 'latin1');
  writeInPieces(response, body, () => response.end(frame.tail, 'latin1'));
}

/** A small reply to a request whose body stays unread; the connection ends with it. */
export function answerUnread(response: ServerResponse, reply: PeerReply, contract: PeerContract): void {
  const { body } = reply;
  const frame = replyFrame(reply);
  response.shouldKeepAlive = false;
  head(response, 200, frame.head.length + body.length + frame.tail.length, contract);
  response.write(Buffer.concat([Buffer.from(frame.head, 'latin1'), body, Buffer.from(frame.tail, 'latin1')]));
  // Ended at once, with bytes unread, it would be a reset, and the other side might not see the reply. It closes itself.
  const patience = setTimeout(() => response.end(), UNREAD_LINGER_MS);
  response.once('close', () => clearTimeout(patience));
}

export function refuse(response: ServerResponse, refusal: Refusal, contract: PeerContract): void {
  if (response.headersSent || response.destroyed) return;
  head(response, REFUSALS[refusal], 0, contract);
  response.end();
}

function head(response: ServerResponse, status: number, bodyBytes: number, contract: PeerContract): void {
  response.sendDate = false; // nobody reads it
  response.writeHead(status, { 'content-length': bodyBytes, [CONTRACT_HEADER]: contract.value });
}
