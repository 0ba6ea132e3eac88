import { describe, expect, it } from '@jest/globals';
import type { NodeStatus } from './node-status.js';
import { warningsOf } from './warnings.js';

type Facts = Omit<NodeStatus, 'warnings'>;
const DAY_MS = 86_400_000;

const healthy: Facts = {
  version: '0.1.0',
  reported_version: '2.8.0',
  uptime_ms: 1,
  now_ms: 1,
  key: 'aa'.repeat(32),
  address: { ip: '192.0.2.1', https_port: 1, peer_port: 2 },
  state: 'active',
  serving: true,
  swarm_id: '0000000000000007',
  swarm_members: 3,
  nodes: 3,
  epoch: 1,
  list_age_ms: 1,
  list_expires_in_ms: 30 * DAY_MS,
  list_expired: false,
  list_problem: null,
  peers: { reachable: 2, unreachable: 0 },
  tested: { public: { age_ms: 1 }, peer: { age_ms: 1 } },
  seen_by_peers: {
    asked: 2,
    answered: 2,
    age_ms: 1,
    public: { reached: 2, failed: 0 },
    peer: { reached: 2, failed: 0 },
    observed_ips: [],
    views: [],
  },
  clock: { state: 'ok', offset_ms: 5, peers: 2, reason: null },
  twin: { found: false, seen_age_ms: null, how: null },
  swarm: [],
  traffic: { minutes: [] },
};
const seen = (surface: 'public' | 'peer', reached: number, failed: number): Partial<Facts> => ({
  seen_by_peers: { ...healthy.seen_by_peers, [surface]: { reached, failed } },
});
const clock = (state: Facts['clock']['state'], offset_ms: number): Partial<Facts> => ({
  clock: { state, offset_ms, peers: 5, reason: null },
});

describe('warnings', () => {
  it('are none of a healthy node, nor of one that is alone', () => {
    expect(warningsOf(healthy, [])).toEqual([]);
    const alone: Partial<Facts> = { peers: { reachable: 0, unreachable: 0 }, ...seen('public', 0, 0) };
    expect(warningsOf({ ...healthy, ...alone, clock: { ...healthy.clock, state: 'unknown' } }, [])).toEqual([]);
  });

  it.each<[string, string, Partial<Facts>, RegExp]>([
    ['critical no_list', 'no list', { epoch: null, state: 'unlisted' }, /^There is no list of the network\.$/],
    ['critical no_list', 'no list, and why', { epoch: null, list_problem: 'it is gone' }, /network: it is gone\.$/],
    ['warning list_problem', 'a list that is not taken', { list_problem: 'Not signed.' }, /not taken: Not signed\.$/],
    ['critical list_expired', 'a list that expired', { list_expires_in_ms: -1 }, /has expired/],
    [
      'critical twin',
      'a twin',
      { twin: { found: true, seen_age_ms: 1, how: 'peers' } },
      /key of this one: other nodes/,
    ],
    ['warning list_expires_soon', 'a list that expires', { list_expires_in_ms: 7 * DAY_MS }, /within a week/],
    ['warning not_active', 'no entry', { state: 'unlisted', swarm_id: null }, /not in the list/],
    ['warning not_active', 'a lost place', { state: 'decommissioned', swarm_id: null }, /decommissioned/],
    ['warning in_no_swarm', 'no swarm', { swarm_id: null }, /no swarm/],
    ['warning clock_offset', 'a clock ahead', clock('warn', 2_100), /is 2\.1 s ahead of the median of 5/],
    ['warning clock_offset', 'a clock behind', clock('alert', -6_000), /is 6\.0 s behind the median.*nodes\.$/],
    ['critical clock_offset', 'a clock that stops it', clock('not_ready', 600_000), /600\.0 s.*turned away\.$/],
    ['warning not_reached_public', 'a port that most do not reach', seen('public', 1, 2), /2 of 3 nodes.*public port/],
    ['critical not_reached_peer', 'a port that nobody reaches', seen('peer', 0, 2), /2 of 2 nodes.*peer port/],
    ['warning not_reached_peer', 'one node that does not reach it', seen('peer', 0, 1), /1 of 1/],
    ['warning peers_unreachable', 'others out of reach', { peers: { reachable: 1, unreachable: 2 } }, /2 of 3 other/],
  ])('%s: %s', (expected, _what, changes, text) => {
    const found = warningsOf({ ...healthy, ...changes }, []);
    expect(found.map(({ severity, id }) => `${severity} ${id}`)).toEqual([expected]);
    expect(found[0]?.text).toMatch(text);
    expect(found[0]?.remedy).not.toBe('');
  });

  it('speak of surfaces that nobody tests, and begin with the worst', () => {
    const found = warningsOf({ ...healthy, ...clock('not_ready', 9_000), list_problem: 'no' }, ['public', 'peer']);
    expect(found.map(({ id }) => id)).toEqual(['clock_offset', 'list_problem', 'not_tested_public', 'not_tested_peer']);
  });
});
