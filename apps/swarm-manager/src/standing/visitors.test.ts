import { describe, expect, it } from '@jest/globals';
import { Visitors } from './visitors.js';

const MINUTE_MS = 60_000;

describe('the visitors of a node', () => {
  it('are told of another instance with their key, and how long ago it came', () => {
    const visitors = new Visitors();
    expect(visitors.note('node', 'one', 0)).toBeNull();
    expect(visitors.note('node', 'one', MINUTE_MS)).toBeNull();
    expect(visitors.note('other', 'two', MINUTE_MS)).toBeNull();
    expect(visitors.note('node', 'two', 1.5 * MINUTE_MS)).toBe(0.5 * MINUTE_MS);
    expect(visitors.note('node', 'one', 2 * MINUTE_MS)).toBe(0.5 * MINUTE_MS);
    expect(visitors.note('node', 'three', 3 * MINUTE_MS)).toBe(MINUTE_MS);
  });

  it('are forgotten after ten minutes, and with their place in the list', () => {
    const visitors = new Visitors();
    visitors.note('node', 'one', 0);
    expect(visitors.note('node', 'two', 10 * MINUTE_MS + 1)).toBeNull();
    visitors.keep((node) => node !== 'node');
    expect(visitors.note('node', 'one', 11 * MINUTE_MS)).toBeNull();
  });

  it('may start again and again: the last starts are remembered', () => {
    const visitors = new Visitors();
    for (let start = 0; start < 100; start += 1) visitors.note('node', `start-${start}`, start);
    expect(visitors.note('node', 'start-99', 100)).toBe(2);
    expect(visitors.note('node', 'start-0', 100)).toBe(0);
  });
});
