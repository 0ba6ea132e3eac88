import type { ServerResponse } from 'node:http';

/** As much as a TLS connection takes at once without holding it twice, in clear and encrypted. */
const PIECE_BYTES = 64 * 1024;

/** Views of the bytes, one after the other. */
export function* piecesOf(bytes: Uint8Array): Generator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

/**
 * Writes a body, a string of ASCII or bytes, as fast as the other side reads it, and then `end`, which ends the
 * response. Written whole, a large body would be encrypted and held a second time for whoever reads slowly.
 */
export function writeInPieces(response: ServerResponse, body: Uint8Array | string, end: () => void): void {
  const write = (from: number): void => {
    for (let at = from; at < body.length; at += PIECE_BYTES) {
      const piece = typeof body === 'string' ? body.slice(at, at + PIECE_BYTES) : body.subarray(at, at + PIECE_BYTES);
      if (!response.write(piece, 'latin1')) {
        response.once('drain', () => write(at + PIECE_BYTES));
        return;
      }
    }
    end();
  };
  write(0);
}
