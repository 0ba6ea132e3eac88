import { describe, expect, it } from '@jest/globals';
import type { SimpleRequest } from '#protocol';
import type { RpcReply } from '../rpc/rpc-handler.js';
import { runBatch, runSequence } from './batch.js';

const REQUESTS: SimpleRequest[] = [200, 401, 200].map(() => ({ method: 'info' }));
const REPLIES: RpcReply[] = [
  { status: 200, kind: 'json', text: '{"a":1}' },
  { status: 401, kind: 'text', text: 'a "text"' },
  { status: 200, kind: 'json', text: '[]' },
];

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
    const { status, kind, text } = await runBatch(REQUESTS, answering(asked, true));
    expect({ status, kind }).toEqual({ status: 200, kind: 'json' });
    expect(text).toBe(
      '{"results":[{"body":{"a":1},"code":200},{"body":"a \\"text\\"","code":401},{"body":[],"code":200}]}',
    );
    expect(asked).toHaveLength(3);
  });
});

describe('sequence', () => {
  it('ends with the first that fails', async () => {
    const asked: SimpleRequest[] = [];
    const { text } = await runSequence(REQUESTS, answering(asked));
    expect(JSON.parse(text)).toEqual({
      results: [
        { body: { a: 1 }, code: 200 },
        { body: 'a "text"', code: 401 },
      ],
    });
    expect(asked).toHaveLength(2);
  });
});
