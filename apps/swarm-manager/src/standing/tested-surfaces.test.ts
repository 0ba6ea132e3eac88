import { beforeEach, describe, expect, it } from '@jest/globals';
import { TestedSurfaces } from './tested-surfaces.js';

const START_MS = 1_000_000;
const tests = (
  onPublic: number | null,
  onPeer: number | null,
): { testedAgoMs: { public: number | null; peer: number | null } } => ({
  testedAgoMs: { public: onPublic, peer: onPeer },
});

describe('the tests that a node hears of', () => {
  let surfaces: TestedSurfaces;
  beforeEach(() => {
    surfaces = new TestedSurfaces(START_MS);
  });

  it('are none at first', () => {
    expect([surfaces.ageMs('public', START_MS), surfaces.ageMs('peer', START_MS)]).toEqual([null, null]);
  });

  it('are the last over all relays, whatever the order of their reports', () => {
    surfaces.hear(tests(5_000, null), START_MS);
    surfaces.hear(tests(9_000, 2_000), START_MS + 1_000);
    surfaces.hear(tests(null, null), START_MS + 2_000);
    expect([surfaces.ageMs('public', START_MS + 2_000), surfaces.ageMs('peer', START_MS + 2_000)]).toEqual([
      7_000, 3_000,
    ]);
  });

  it('case 78: are missed after 2 min from the start, on each surface, until one came', () => {
    expect(surfaces.untested(START_MS + 119_999)).toEqual([]);
    expect(surfaces.untested(START_MS + 120_000)).toEqual(['public', 'peer']);
    surfaces.hear(tests(1_000, null), START_MS + 130_000);
    expect(surfaces.untested(START_MS + 130_000)).toEqual(['peer']);
    expect(surfaces.untested(START_MS + 249_000)).toEqual(['public', 'peer']);
  });

  it('are missed aloud at most every two minutes, and at once when they stop again', () => {
    const warned = (atMs: number): readonly string[] => surfaces.toWarnOf(START_MS + atMs);
    surfaces.hear(tests(null, 0), START_MS + 119_000);
    expect([warned(120_000), warned(130_000), warned(230_000)]).toEqual([['public'], [], []]);
    surfaces.hear(tests(null, 0), START_MS + 235_000);
    expect(warned(240_000)).toEqual(['public']);
    surfaces.hear(tests(0, 0), START_MS + 250_000);
    expect([warned(251_000), warned(370_000)]).toEqual([[], ['public', 'peer']]);
  });
});
