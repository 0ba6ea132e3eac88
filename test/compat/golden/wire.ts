import { request } from 'node:https';
import { connect } from 'node:tls';

export interface WireAnswer {
  readonly status: number;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Longer than any answer of a healthy node, members that hang included. */
const ANSWER_DEADLINE_MS = 15_000;
/** Between the parts of an answer on one machine; the recording waited three times as long. */
const SILENCE_MS = 1_000;

export interface WireRequest {
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: Buffer | undefined;
}

/** One HTTPS request to 127.0.0.1, certificate unchecked as clients do. */
export function send({ port, method, path, headers, body }: WireRequest): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      method,
      path,
      headers,
      rejectUnauthorized: false,
      agent: false as const,
    };
    const outgoing = request(options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const raw = incoming.rawHeaders;
        const pairs = raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []));
        resolve({
          status: incoming.statusCode ?? 0,
          reason: incoming.statusMessage ?? '',
          headers: Object.fromEntries(pairs) as Record<string, string>,
          body: Buffer.concat(chunks),
        });
      });
    });
    outgoing.setTimeout(ANSWER_DEADLINE_MS, () => outgoing.destroy(new Error('no answer in time')));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Writes bytes to the TLS socket as they stand and reads until the server closes or falls silent after an answer. */
export function sendRaw(port: number, bytes: Buffer): Promise<{ text: string; closed: boolean }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
    const chunks: Buffer[] = [];
    const done = (closed: boolean): void => {
      socket.destroy();
      resolve({ text: Buffer.concat(chunks).toString('latin1'), closed });
    };
    socket.setTimeout(ANSWER_DEADLINE_MS, () => done(false));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      socket.setTimeout(SILENCE_MS);
    });
    socket.on('error', reject);
    socket.on('end', () => done(true));
    socket.on('secureConnect', () => socket.write(bytes));
  });
}
