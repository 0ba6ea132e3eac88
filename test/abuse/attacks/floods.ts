import { sourceAddress, workers, type Attack } from './attack.js';
import { openTls, readToEnd, statusOf } from './sockets.js';

const SOURCES = 20;
const CHUNK_BYTES = 64 * 1024;
/** More than the limit of a body, so that a node without a limit is found out. */
const ENDLESS_BYTES = 64 * 1024 * 1024;

const ONION = 'POST /onion_req/v2 HTTP/1.1\r\nHost: x\r\n';

/** A thousand headers, far above what a head may have in all. */
const HEADERS = `${ONION}${Array.from({ length: 1_000 }, (_, i) => `X-${i}: ${'v'.repeat(100)}\r\n`).join('')}\r\n`;

/** Sends a head and what follows, counts what the node answered before it closed. */
function flood(head: string, bodyBytes: number, frame: (piece: Buffer) => Buffer[]): Attack {
  return async (target, stopped, tally) => {
    const piece = Buffer.alloc(CHUNK_BYTES, 'x');
    await workers(target, stopped, async (index) => {
      tally.begun();
      const socket = await openTls(target, sourceAddress(index, SOURCES));
      if (socket === null) {
        tally.ended('refused');
        return;
      }
      const answered = readToEnd(socket, target.patienceMs);
      let sent = 0;
      const fill = (): void => {
        while (sent < bodyBytes && socket.writable) {
          sent += piece.length;
          const parts = frame(piece);
          const isRoom = parts.map((part) => socket.write(part)).every(Boolean);
          if (!isRoom) return;
        }
      };
      socket.on('drain', fill);
      socket.write(head, 'latin1');
      fill();
      const { text, isClosed } = await answered;
      const status = statusOf(text);
      tally.most('most_bytes_taken', sent);
      // A close in the midst of sending may outrun the answer before it.
      if (status === 0) tally.ended(isClosed ? 'closed' : 'kept');
      else tally.answered(status);
    });
  };
}

const plain = (piece: Buffer): Buffer[] => [piece];
const chunked = (piece: Buffer): Buffer[] => [
  Buffer.from(`${piece.length.toString(16)}\r\n`),
  piece,
  Buffer.from('\r\n'),
];

export const headerFlood = flood(HEADERS, 0, plain);
export const oversizedAnnounced = flood(`${ONION}Content-Length: ${ENDLESS_BYTES}\r\n\r\n`, ENDLESS_BYTES, plain);
export const oversizedChunked = flood(`${ONION}Transfer-Encoding: chunked\r\n\r\n`, ENDLESS_BYTES, chunked);

/** Bodies of exactly the largest size that is allowed. */
const UPLOAD_BYTES = 10 * 1024 * 1024;
export const uploads = flood(
  `${ONION}Connection: close\r\nContent-Length: ${UPLOAD_BYTES}\r\n\r\n`,
  UPLOAD_BYTES,
  plain,
);
