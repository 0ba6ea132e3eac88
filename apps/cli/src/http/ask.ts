import { Agent, request } from 'undici';

/** As long as nodes grant each other: docs/protocol/onion.md §5.4 */
const TIMEOUT_MS = 5_000;
/** Health, `info` and metrics are far smaller. */
const MAX_ANSWER_BYTES = 4 * 1_024 * 1_024;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Uint8Array;
}

export interface Question {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** One answer over HTTP, whatever the certificate: nodes make their own. Throws when there is none in time. */
export async function ask({ method, url, headers = {}, body = '' }: Question): Promise<Answer> {
  const agent = new Agent({ connect: { rejectUnauthorized: false, timeout: TIMEOUT_MS }, pipelining: 0 });
  try {
    const answer = await request(url, {
      method,
      headers,
      dispatcher: agent,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(method === 'POST' ? { body } : {}),
    });
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of answer.body as AsyncIterable<Uint8Array>) {
      bytes += part.length;
      if (bytes > MAX_ANSWER_BYTES) throw new RangeError('its answer is too long');
      parts.push(part);
    }
    return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) };
  } finally {
    await agent.destroy();
  }
}
