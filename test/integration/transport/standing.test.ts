import { afterEach, describe, expect, it } from '@jest/globals';
import { MovedClock } from '#testing';
import { PeerProtocolError } from '#transport';
import { CALLER, Meeting } from './two-nodes.js';

const TIMEOUT_MS = 10_000;

describe('two nodes, about their standing', () => {
  const { listen, dial, end } = new Meeting();
  afterEach(end);

  it('tell each other how they see each other, with their clocks and the address they see', async () => {
    const asked: unknown[] = [];
    const test = {
      ageMs: 5,
      ip: '192.0.2.1',
      public: { port: 1, isReached: true },
      peer: { port: 2, isReached: false },
    };
    const known = { instance: 'cd'.repeat(16), test, otherAgeMs: 7 };
    const clock = new MovedClock();
    clock.aheadMs = 60_000;
    const { address } = await listen(
      {
        standing: (from, instance) => {
          asked.push([from, instance]);
          clock.aheadMs += 1_000;
          return Promise.resolve(known);
        },
      },
      {},
      { clock },
    );
    const beforeMs = Date.now();
    const { receivedMs, sentMs, ...rest } = await dial().standing(address, 'ab'.repeat(16), TIMEOUT_MS);
    expect(asked).toEqual([[CALLER.id, 'ab'.repeat(16)]]);
    expect(rest).toEqual({ ...known, observedIp: '127.0.0.1' });
    expect(receivedMs).toBeGreaterThanOrEqual(beforeMs + 60_000);
    expect(sentMs).toBeGreaterThanOrEqual(receivedMs + 1_000);
    expect(sentMs).toBeLessThanOrEqual(Date.now() + 61_000);
  });

  it('refuse a question without an instance', async () => {
    const { address } = await listen({});
    await expect(dial().standing(address, '', TIMEOUT_MS)).rejects.toBeInstanceOf(PeerProtocolError);
  });
});
