import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { MAX_PAGE_COST, messageCost, Overloaded, type PageLimits } from '#protocol';
import type { Page } from '../mailbox/mailboxes.js';
import { PageGate, type CallPages } from './page-gate.js';

const DATA = Buffer.alloc(70_000);
const ANY: PageLimits = { maxMessages: null, maxCost: MAX_PAGE_COST };
const SMALL_PAGES = 192 * 1024;
/** The calls that wait, and the one inside. */
const MOST_CALLS = 101;

/** A mailbox of so many messages; keeps what it was asked for. */
function mailbox(messages: number, data = DATA): { asked: PageLimits[]; read: (limits: PageLimits) => Promise<Page> } {
  const asked: PageLimits[] = [];
  const read = (limits: PageLimits): Promise<Page> => {
    asked.push(limits);
    const fit = Math.max(1, Math.floor(limits.maxCost / messageCost(data.length)));
    const count = Math.min(messages, fit, limits.maxMessages ?? messages);
    const message = { hash: 'h', timestampMs: 1, expiryMs: 2, data };
    return Promise.resolve({ messages: Array.from({ length: count }, () => message), more: count < messages });
  };
  return { asked, read };
}

const costOf = ({ messages }: Page): number => messages.reduce((sum, { data }) => sum + messageCost(data.length), 0);

describe('pages of a mailbox', () => {
  let gate: PageGate;
  const calls: CallPages[] = [];
  const call = (): CallPages => {
    const made = gate.forCall();
    calls.push(made);
    return made;
  };
  beforeEach(() => {
    gate = new PageGate();
  });
  afterEach(() => {
    jest.useRealTimers();
    for (const each of calls.splice(0)) each.done();
  });

  it('are read at once when they are small, or when no more was asked for', async () => {
    const few = mailbox(2);
    expect((await call().read(ANY, few.read)).messages).toHaveLength(2);
    expect(few.asked).toEqual([{ maxMessages: null, maxCost: SMALL_PAGES }]);

    const counted = mailbox(50);
    expect(await call().read({ ...ANY, maxMessages: 2 }, counted.read)).toMatchObject({ more: true });
    expect(counted.asked).toHaveLength(1);

    const modest = mailbox(50);
    expect(await call().read({ maxMessages: null, maxCost: 1_000 }, modest.read)).toMatchObject({ more: true });
    expect(modest.asked).toHaveLength(1);
  });

  it('are whole when they are large, one call after the other', async () => {
    const first = call();
    expect(costOf(await first.read(ANY, mailbox(200).read))).toBeGreaterThan(MAX_PAGE_COST - messageCost(DATA.length));

    const second = mailbox(200);
    const page = call().read(ANY, second.read);
    await new Promise(setImmediate);
    expect(second.asked).toHaveLength(1);
    first.done();
    first.done(); // once is what counts
    expect((await page).messages.length).toBeGreaterThan(50);

    const third = mailbox(200);
    void call()
      .read(ANY, third.read)
      .catch(() => undefined);
    await new Promise(setImmediate);
    expect(third.asked).toHaveLength(1);
  });

  it('of one call hold together what one may hold; the rest is there for the next call', async () => {
    const pages = call();
    const [one, two, three] = await Promise.all([60, 60, 200].map((count) => pages.read(ANY, mailbox(count).read)));
    expect(one).toMatchObject({ more: false });
    expect(two).toMatchObject({ more: true });
    expect(three?.messages).toHaveLength(1); // never none
    expect(costOf(one as Page) + costOf(two as Page)).toBeLessThanOrEqual(MAX_PAGE_COST);
  });

  it('go on after one that could not be read', async () => {
    const pages = call();
    const { read } = mailbox(200);
    let turn = 0;
    const failing = (limits: PageLimits): Promise<Page> =>
      (turn += 1) === 2 ? Promise.reject(new Error('Redis')) : read(limits);
    await expect(pages.read(ANY, failing)).rejects.toThrow('Redis');
    expect((await pages.read(ANY, read)).messages.length).toBeGreaterThan(50);
  });

  it('are refused in words when too many wait, or one waits too long', async () => {
    await call().read(ANY, mailbox(200).read);
    jest.useFakeTimers();
    const waiting = Array.from({ length: MOST_CALLS - 1 }, () => call().read(ANY, mailbox(200).read));
    const ends = Promise.allSettled(waiting);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    await expect(call().read(ANY, mailbox(200).read)).rejects.toThrow(Overloaded);
    await jest.advanceTimersByTimeAsync(10_000);
    for (const end of await ends)
      expect(end).toMatchObject({ status: 'rejected', reason: expect.any(Overloaded) as unknown });
  });
});
