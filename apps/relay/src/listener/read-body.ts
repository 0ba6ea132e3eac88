import type { IncomingMessage } from 'node:http';
import { MAX_BODY_BYTES } from '../limits/budget.js';
import type { Load } from '../limits/load.js';

/** Why there is no body: above the limit, no room for it here, or a client that went away. */
export type BodyProblem = 'too-large' | 'no-room' | 'gone';

const NOTHING = Buffer.alloc(0);

/**
 * Collects a body up to the limit, whatever length was announced. The bytes stay counted in `load`; whoever gets them
 * releases as many. On a problem nothing stays counted and the rest of the body is not read.
 */
export function readBody(request: IncomingMessage, load: Load): Promise<Buffer | BodyProblem> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;

    const stop = (problem: BodyProblem): void => {
      request.off('data', take).off('end', end).off('close', gone);
      request.pause();
      load.release(bytes);
      resolve(problem);
    };
    const take = (chunk: Buffer): void => {
      if (bytes + chunk.length > MAX_BODY_BYTES) {
        stop('too-large');
      } else if (load.hold(chunk.length)) {
        bytes += chunk.length;
        chunks.push(chunk);
      } else {
        stop('no-room');
      }
    };
    const end = (): void => {
      request.off('close', gone);
      const [first] = chunks;
      if (first === undefined) resolve(NOTHING);
      else resolve(chunks.length === 1 ? first : Buffer.concat(chunks, bytes)); // most requests are one chunk: no copy
    };
    const gone = (): void => stop('gone');
    request.on('data', take).on('end', end).on('close', gone);
  });
}
