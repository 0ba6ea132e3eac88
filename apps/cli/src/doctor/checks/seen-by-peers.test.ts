import { describe, expect, it } from '@jest/globals';
import { NodeKey, noblePrimitives } from '#protocol';
import type { ListedNode } from '#protocol';
import type { NodeFacts } from '../../config/node-facts.js';
import { readStanding } from '../../running/standing.js';
import { checkClock } from './peers.js';
import { checkAddress, checkPeerPort, checkPublicPort } from './reach.js';

const SELF = NodeKey.fromSeed(new Uint8Array(32).fill(7), noblePrimitives);
const NODE = {
  ed25519: SELF.id,
  ip: '203.0.113.5',
  httpsPort: 22_021,
  peerPort: 22_020,
  state: 'active',
} as ListedNode;
const FACTS = { ports: { https: 22_021, peer: 22_020 } } as NodeFacts;
const NOBODY = { asked: 3, answers: [] };

/** As `/status` says it. */
const standing = (seen: object, clock: object = {}) =>
  readStanding(JSON.stringify({ seen_by_peers: { asked: 7, answered: 6, ...seen }, clock }));
const tests = (publicReached: number, peerReached: number, ips: string[] = []) =>
  standing({
    public: { reached: publicReached, failed: 6 - publicReached },
    peer: { reached: peerReached, failed: 6 - peerReached },
    observed_ips: ips,
  })?.seen_by_peers ?? null;

describe('what other nodes told the swarm-manager', () => {
  it('says whether the public port is reached from outside', async () => {
    expect(await checkPublicPort(SELF, NODE, tests(5, 6))).toMatchObject({
      level: 'pass',
      says: '5 of 6 nodes that tested 203.0.113.5:22021 reached it, from outside',
    });
    expect(await checkPublicPort(SELF, NODE, tests(0, 6))).toMatchObject({
      level: 'fail',
      remedy: 'open the port and forward it to this node',
    });
  });

  it('says whether the peer port is, when no node can be asked from here', async () => {
    expect(await checkPeerPort(SELF, NODE, NOBODY, tests(5, 6))).toMatchObject({ level: 'pass' });
    expect(await checkPeerPort(SELF, NODE, NOBODY, tests(5, 0))).toMatchObject({ level: 'fail' });
    expect(await checkPeerPort(SELF, NODE, NOBODY, null)).toMatchObject({ level: 'skip' });
  });

  it('is compared with the address of the list', () => {
    const level = (ips: string[]) =>
      checkAddress(FACTS, NODE, tests(1, 1, ips)).find(({ check }) => check === 'address seen')?.level;
    expect(level(['203.0.113.5'])).toBe('pass');
    expect(level(['198.51.100.7'])).toBe('warn');
    expect(level([])).toBeUndefined();
  });

  it('gives the clock, when no node can be asked from here', () => {
    const clock = (offsetMs: number | null) =>
      checkClock(NOBODY, standing({}, { state: 'x', offset_ms: offsetMs, peers: 5, reason: null })?.clock ?? null);
    expect(clock(6_000)).toMatchObject({ level: 'fail', says: '6.0 s ahead of the median of 5 nodes' });
    expect(clock(-2_500)).toMatchObject({ level: 'warn', says: '2.5 s behind the median of 5 nodes' });
    expect(clock(12)).toMatchObject({ level: 'pass' });
    expect(clock(null)).toMatchObject({ level: 'skip', says: 'none of 3 nodes answered' });
  });
});
