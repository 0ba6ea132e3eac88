import type { IncomingMessage } from 'node:http';
import type { ByteRoom } from '#platform';
import { BodyCollector } from './body-collector.js';
import type { PeerReply } from './peer-transport.js';
import { MAX_BODY_BYTES } from './wire.js';

/** What bounds the bytes that nodes send, where something does. */
export interface RequestLine {
  /** The reply to a request on this route whose body, of so many bytes, is not to be read; null when it is. */
  refusal(route: string, announced: number): PeerReply | null;
  /** Told of each piece of a body, after `before` bytes of it; false when the rest is not to be read. */
  receive(route: string, bytes: number, before: number, announced: number): boolean;
}

export const OPEN_LINE: RequestLine = { refusal: () => null, receive: () => true };

export type BodyProblem = 'too-long' | 'no-room' | 'cut-off';

/**
 * Receives the body of a request. `room` is given back by whoever is done with the body, `bytes` of it; after a
 * problem nothing is held.
 */
export function readBody(request: IncomingMessage, room: ByteRoom, line: RequestLine): Promise<Buffer | BodyProblem> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (!(announced <= MAX_BODY_BYTES)) return Promise.resolve('too-long');
  return new Promise((resolve) => {
    const body = new BodyCollector(announced);
    let isOver = false;
    const give = (outcome: Buffer | BodyProblem): void => {
      if (isOver) return;
      isOver = true;
      if (typeof outcome === 'string') room.giveBack(body.bytes);
      resolve(outcome);
    };
    request.on('data', (piece: Buffer) => {
      if (isOver) return;
      const isWorthIt = line.receive(request.url ?? '', piece.length, body.bytes, announced);
      if (body.bytes + piece.length > MAX_BODY_BYTES) give('too-long');
      else if (!isWorthIt) give('no-room');
      else if (room.take(piece.length)) body.add(piece);
      else give('no-room');
    });
    request.on('end', () => give(body.finish()));
    request.on('close', () => give('cut-off'));
    request.on('error', () => give('cut-off'));
  });
}
