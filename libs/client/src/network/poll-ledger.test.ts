import { describe, expect, it } from '@jest/globals';
import { noblePrimitives } from '#protocol';
import { PollLedger } from './poll-ledger.js';
import { EMPTY_POLL_STATE } from './poll-state.js';
import type { PollState } from './poll-state.js';

const NOW_MS = 1_700_000_000_000;
const DAY_MS = 86_400_000;
const ledgerOf = (state: PollState = EMPTY_POLL_STATE, nowMs = NOW_MS): PollLedger =>
  new PollLedger(state, nowMs, noblePrimitives);

describe('PollLedger', () => {
  it('keeps a cursor for every node and namespace until the message is gone', () => {
    const ledger = ledgerOf();
    ledger.advance('node', 0, 'hash', NOW_MS + DAY_MS);
    const state = JSON.parse(JSON.stringify(ledger.toState())) as PollState;
    expect(ledgerOf(state).lastHash('node', 0)).toBe('hash');
    expect(ledgerOf(state).lastHash('node', 2)).toBe('');
    expect(ledgerOf(state).lastHash('other', 0)).toBe('');
    expect(ledgerOf(state, NOW_MS + DAY_MS).lastHash('node', 0)).toBe('');
  });

  it('sees a hash once', () => {
    const ledger = ledgerOf();
    expect([ledger.see('a', NOW_MS + 1), ledger.see('a', NOW_MS + 1)]).toEqual([true, false]);
    expect(ledgerOf(ledger.toState()).see('a', NOW_MS + 1)).toBe(false);
    expect(ledgerOf(ledger.toState(), NOW_MS + 1).see('a', NOW_MS + 2)).toBe(true);
  });

  it('delivers a message once, whatever its hash, and does not write down who wrote', () => {
    const ledger = ledgerOf();
    const deliver = (sentMs: number): boolean => ledger.deliver('05conversation', '05sender', sentMs, NOW_MS + 1);
    expect([deliver(1), deliver(1), deliver(2)]).toEqual([true, false, true]);
    expect(JSON.stringify(ledger.toState())).not.toMatch(/05sender|05conversation/);
  });

  it('is bounded: what expires last stays', () => {
    const ledger = ledgerOf();
    for (let index = 0; index < 20_010; index++) ledger.see(`${index}`, NOW_MS + 1 + index);
    for (let index = 0; index < 510; index++) ledger.advance(`${index}`, 0, 'h', NOW_MS + 1 + index);
    const { seen, cursors } = ledger.toState();
    expect(Object.keys(seen)).toHaveLength(20_000);
    expect(seen).not.toHaveProperty('9');
    expect(seen).toHaveProperty('10');
    expect(Object.keys(cursors)).toHaveLength(500);
  });

  it('believes no expiry beyond what nodes may keep', () => {
    const ledger = ledgerOf();
    ledger.see('a', Number.MAX_SAFE_INTEGER);
    expect(ledger.toState().seen).toEqual({ a: NOW_MS + 30 * DAY_MS });
  });
});
