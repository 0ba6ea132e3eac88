import { describe, expect, it } from '@jest/globals';
import { Tally } from './attacks/attack.js';
import { statusCounts, storyOf } from './story.js';

describe('the story of an attack', () => {
  it('tells every attempt and what became of it', () => {
    const tally = new Tally();
    for (let i = 0; i < 1_203; i += 1) tally.begun();
    for (let i = 0; i < 1_000; i += 1) tally.answered(503);
    tally.answered(400);
    for (const outcome of ['refused', 'closed', 'kept', 'kept'] as const) tally.ended(outcome);
    expect(storyOf(tally.report)).toBe(
      '1,203 attempts: 1,001 answered (400: 1, 503: 1,000), 1 refused, 1 closed, 2 kept, 198 not over',
    );
    expect(statusCounts(tally.report)).toEqual(
      new Map([
        [503, 1_000],
        [400, 1],
      ]),
    );
  });

  it('leaves out what did not happen', () => {
    expect(storyOf({ attempted: 3, closed: 3, most_at_once: 3 })).toBe('3 attempts: 3 closed');
    expect(storyOf({})).toBe('0 attempts: ');
  });
});
