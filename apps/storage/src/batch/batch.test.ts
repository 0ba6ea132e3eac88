import { describe, expect, it } from '@jest/globals';
import type { CallEncoding, SimpleRequest } from '#protocol';
import { encodeReply } from '../rpc/encode-reply.js';
import { jsonReply, type RpcReply } from '../rpc/rpc-handler.js';
import { runBatch, runSequence } from './batch.js';

const REQUESTS: SimpleRequest[] = [200, 401, 200].map(() => ({ method: 'info' }));
const REPLIES: RpcReply[] = [
  jsonReply({ a: 1, signature: 'AAECAw==' }),
  { status: 401, body: 'a "text"' },
  { status: 200, body: Uint8Array.from([0, 255]) },
];

const written = (reply: RpcReply, encoding: CallEncoding): string =>
  Buffer.from(encodeReply(reply, encoding).body).toString('latin1');

/** Answers in turn. With `reversed`, each answer comes before the one asked for earlier. */
function answering(asked: SimpleRequest[], reversed = false): (request: SimpleRequest) => Promise<RpcReply> {
  const pending: (() => void)[] = [];
  return (request) => {
    const reply = REPLIES[asked.length] as RpcReply;
    asked.push(request);
    if (!reversed) return Promise.resolve(reply);
    return new Promise((resolve) => {
      pending.push(() => resolve(reply));
      if (pending.length === REQUESTS.length) for (const answer of pending.reverse()) answer();
    });
  };
}

describe('batch', () => {
  it('runs all at once and answers in the order of the requests', async () => {
    const asked: SimpleRequest[] = [];
    const reply = await runBatch(REQUESTS, answering(asked, true));
    expect(reply.status).toBe(200);
    expect(written(reply, 'json')).toBe(
      '{"results":[{"body":{"a":1,"signature":"AAECAw=="},"code":200},' +
        '{"body":"a \\"text\\"","code":401},{"body":"AP8=","code":200}]}',
    );
    expect(asked).toHaveLength(3);
  });
});

describe('a bencoded batch', () => {
  it('has what is bytes as base64 inside, all the same (Q-01)', async () => {
    const reply = await runBatch(REQUESTS, answering([]));
    expect(written(reply, 'bt')).toBe(
      'd7:resultsld4:bodyd1:ai1e9:signature8:AAECAw==e4:codei200eed4:body8:a "text"4:codei401eed4:body4:AP8=4:codei200eeee',
    );
  });
});

describe('sequence', () => {
  it('ends with the first that fails', async () => {
    const asked: SimpleRequest[] = [];
    const reply = await runSequence(REQUESTS, answering(asked));
    expect(JSON.parse(written(reply, 'json'))).toEqual({
      results: [
        { body: { a: 1, signature: 'AAECAw==' }, code: 200 },
        { body: 'a "text"', code: 401 },
      ],
    });
    expect(asked).toHaveLength(2);
  });
});
