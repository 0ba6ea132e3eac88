import { describe, expect, it } from '@jest/globals';
import type { StandingReport } from '#protocol';
import { PeerViews } from './peer-views.js';

const FRESH_MS = 150_000;
const report = (onPublic: boolean, onPeer: boolean, ageMs = 0): StandingReport => ({
  instance: null,
  otherAgeMs: null,
  receivedMs: 0,
  sentMs: 0,
  observedIp: null,
  test: {
    ageMs,
    ip: '192.0.2.1',
    public: { port: 1, isReached: onPublic },
    peer: { port: 2, isReached: onPeer },
  },
});
const untested: StandingReport = { ...report(true, true), test: null };

describe('what other nodes see of us', () => {
  it('is counted for each surface, by their last word', () => {
    const views = new PeerViews(FRESH_MS);
    views.take('a', report(false, false), 0);
    views.take('a', report(true, true), 1);
    views.take('b', report(true, false), 2);
    views.take('c', untested, 3);
    expect(views.counts(4)).toEqual({ public: { reached: 2, failed: 0 }, peer: { reached: 1, failed: 1 } });
    expect(views.all(4).map(({ node }) => node)).toEqual(['c', 'b', 'a']);
    expect(views.unreached(4)).toEqual([]);
    views.take('d', report(true, false), 5);
    expect(views.unreached(5)).toEqual(['peer']);
  });

  it('says nothing when it is old, be it the test or the word of it', () => {
    const views = new PeerViews(FRESH_MS);
    views.take('a', report(false, false, FRESH_MS - 10), 0);
    expect(views.unreached(10)).toEqual(['public', 'peer']);
    expect(views.unreached(11)).toEqual([]);
    expect(views.all(FRESH_MS)).toHaveLength(1);
    expect(views.all(FRESH_MS + 1)).toEqual([]);
  });

  it('is bounded', () => {
    const views = new PeerViews(FRESH_MS);
    for (let node = 0; node < 100; node += 1) views.take(`node-${node}`, untested, node);
    expect(views.all(100)).toHaveLength(16);
    expect(views.all(100)[0]?.node).toBe('node-99');
  });
});
