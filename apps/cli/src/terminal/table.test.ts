import { describe, expect, it } from '@jest/globals';
import { tableLines } from './table.js';

describe('a table', () => {
  it('has columns as wide as their longest cell, and no spaces at the ends of lines', () => {
    expect(
      tableLines(
        ['name', 'state'],
        [
          ['node-1', ''],
          ['x', 'ready'],
        ],
      ),
    ).toEqual(['name    state', 'node-1', 'x       ready']);
  });
});
