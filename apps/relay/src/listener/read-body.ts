import type { IncomingMessage } from 'node:http';
import type { Line } from '../bandwidth/line.js';
import { MAX_BODY_BYTES } from '../limits/budget.js';
import type { Load } from '../limits/load.js';
import { GrowingBody } from './growing-body.js';
import type { ReadingTurns } from '../limits/reading-turns.js';

/** Why there is no body: above the limit, no room for it here or on the line, or a client that went away. */
export type BodyProblem = 'too-large' | 'no-room' | 'no-line' | 'gone';

export interface BodyBounds {
  readonly load: Load;
  readonly line: Line;
  readonly turns: ReadingTurns;
}

/**
 * Collects a body up to the limit, whatever length was announced. The bytes stay counted in `load`; whoever gets them
 * releases as many. On a problem nothing stays counted and the rest of the body is not read.
 */
export function readBody(request: IncomingMessage, { load, line, turns }: BodyBounds): Promise<Buffer | BodyProblem> {
  return new Promise((resolve) => {
    const announced = Number(request.headers['content-length']); // NaN of a body in chunks
    const body = new GrowingBody(MAX_BODY_BYTES, announced);

    const stop = (problem: BodyProblem): void => {
      request.off('data', take).off('end', end).off('close', gone);
      request.pause();
      load.release(body.bytes);
      resolve(problem);
    };
    const take = (chunk: Buffer): void => {
      const isWorthIt = line.receive(chunk.length, body.bytes, announced || 0);
      if (body.bytes + chunk.length > MAX_BODY_BYTES) {
        stop('too-large');
      } else if (!isWorthIt) {
        stop('no-line');
      } else if (load.hold(chunk.length, body.bytes)) {
        body.add(chunk);
        if (body.bytes !== announced) turns.read(request, chunk.length, body.bytes);
      } else {
        stop('no-room');
      }
    };
    const end = (): void => {
      request.off('close', gone);
      resolve(body.finish());
    };
    const gone = (): void => stop('gone');
    request.on('data', take).on('end', end).on('close', gone);
  });
}
