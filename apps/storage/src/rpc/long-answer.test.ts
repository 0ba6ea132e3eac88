import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRpcAnswer, encodeRpcAnswer } from '#contracts';
import { PART_BYTES } from '#platform';
import { runBatch } from '../batch/batch.js';
import { runIfElse } from '../ifelse/ifelse.js';
import type { Page } from '../mailbox/mailboxes.js';
import { PageBody } from '../retrieve/page-body.js';
import { encodeReply, longJsonOf } from './encode-reply.js';
import { LongAnswer } from './long-answer.js';
import type { RpcReply } from './rpc-handler.js';

const SURROUNDINGS = { hardfork: [19, 4], height: 7, version: [2, 8, 0] } as const;

const ALWAYS = {
  hfAtLeast: null,
  hfBefore: null,
  versionAtLeast: null,
  versionBefore: null,
  heightAtLeast: null,
  heightBefore: null,
};

const sizes = fc.array(fc.integer({ min: 0, max: 76_800 }), { minLength: 8, maxLength: 24 });

function aPage(dataBytes: readonly number[]): RpcReply {
  const messages = dataBytes.map((bytes, index) => ({
    hash: 'h'.repeat(43),
    timestampMs: index * 1_000,
    expiryMs: index,
    data: Buffer.alloc(bytes, index + 1),
  }));
  const page: Page = { messages, more: dataBytes.length % 2 === 0 };
  return { status: 200, body: new PageBody(page, [19, 4], 1_700_000_000_000) };
}

/** All parts after one another; copies, since a part is written over the one before. */
function sent(reply: RpcReply): { parts: Buffer[]; bytes: number } | null {
  const long = longJsonOf(reply);
  if (long === null) return null;
  const answer = new LongAnswer(reply.status, long, () => undefined);
  const parts: Buffer[] = [];
  for (let part = answer.next(); part !== null; part = answer.next()) parts.push(Buffer.from(part));
  return { parts, bytes: answer.bytes };
}

function expectSame(reply: RpcReply): void {
  const long = sent(reply);
  if (long === null) return;
  const whole = Buffer.concat(long.parts);
  expect(whole.length).toBe(long.bytes);
  expect(whole.equals(encodeRpcAnswer(encodeReply(reply, 'json')))).toBe(true);
  for (const part of long.parts) expect(part.length).toBeLessThanOrEqual(PART_BYTES);
}

describe('an answer in parts', () => {
  it('is the answer at once, byte for byte, alone and within others', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 0, max: 3 }), async (dataBytes, place) => {
        const page = aPage(dataBytes);
        expectSame(page);
        const replies: RpcReply[] = [
          { status: 500, body: 'Grüße' },
          { status: 200, body: new Uint8Array(9) },
          aPage([1]),
        ];
        replies.splice(place, 0, page);
        const requests = replies.map(() => ({ method: 'info' }) as const);
        let turn = 0;
        expectSame(await runBatch(requests, () => Promise.resolve(replies[turn++] ?? page)));
        const ifElse = { method: 'ifelse', condition: ALWAYS, then: { method: 'info' }, else: null } as const;
        expectSame(await runIfElse(ifElse, SURROUNDINGS, () => Promise.resolve(page)));
      }),
      { numRuns: 20 },
    );
  });

  it('is for pages that weigh something', () => {
    expect(sent(aPage(Array.from({ length: 100 }, () => 1_024)))).toBeNull();
    expect(sent({ status: 400, body: 'words' })).toBeNull();
    const { parts } = sent(aPage(Array.from({ length: 20 }, () => 70_000))) ?? { parts: [] };
    expect(parts.length).toBeGreaterThan(3);
  });

  it('has a part of its own for a piece that is longer than any', () => {
    const long = ['[', '"', 'x'.repeat(PART_BYTES + 1), '"]'];
    const json = { bytes: long.join('').length, pieces: () => long };
    const answer = new LongAnswer(200, json, () => undefined);
    const parts: Buffer[] = [];
    for (let part = answer.next(); part !== null; part = answer.next()) parts.push(Buffer.from(part));
    expect(Buffer.from(decodeRpcAnswer(Buffer.concat(parts)).body).toString()).toBe(long.join(''));
  });
});
