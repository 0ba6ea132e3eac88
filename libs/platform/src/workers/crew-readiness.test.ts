import { describe, expect, it } from '@jest/globals';
import type { Crew } from './crew.js';
import { CrewReadiness } from './crew-readiness.js';

interface Member {
  readonly isServing: boolean;
  readonly problems: Readonly<Record<string, string>>;
}

const SERVING: Member = { isServing: true, problems: {} };
const crewOf = (...workers: Member[]): CrewReadiness => new CrewReadiness({ workers, size: 2 } as unknown as Crew);

describe('a crew of two', () => {
  it('is ready when both serve', () => {
    expect(crewOf(SERVING, SERVING)).toMatchObject({ isReady: true });
  });

  it.each([
    ['is gone', [SERVING]],
    ['does not serve yet', [SERVING, { isServing: false, problems: {} }]],
  ])('is not ready while one %s', (_what, workers) => {
    const crew = crewOf(...workers);
    expect(crew.isReady).toBe(false);
    expect(crew.problems()).toEqual({ workers: '1 of 2 processes serve; the others are being started' });
  });

  it('has the problems of each of them', () => {
    const crew = crewOf(SERVING, { isServing: true, problems: { membership: 'no membership yet' } });
    expect(crew.problems()).toEqual({ membership: 'no membership yet' });
  });
});
