import type { MemberStatus, NodeStatus, ViewStatus } from '../../../apps/swarm-manager/src/status/node-status.js';

const NOW_MS = 1_764_000_000_000;
const MINUTE_MS = 60_000;

const member = (byte: string, changes: Partial<MemberStatus> = {}): MemberStatus => ({
  ed25519: byte.repeat(32),
  ip: '192.0.2.10',
  https_port: 22_021,
  peer_port: 22_020,
  self: false,
  reachable: true,
  public: true,
  peer: true,
  tested_age_ms: 42_000,
  answer_ms: 31,
  ...changes,
});

const view = (byte: string, isReached: boolean): ViewStatus => ({
  ed25519: byte.repeat(32),
  age_ms: 12_000,
  observed_ip: '192.0.2.1',
  test: {
    age_ms: 20_000,
    ip: '192.0.2.1',
    public: { port: 22_021, reached: isReached },
    peer: { port: 22_020, reached: true },
  },
});

/** A node of which much can be told, and something is wrong. */
export const aStatus: NodeStatus = {
  version: '0.1.0',
  reported_version: '2.8.0',
  uptime_ms: 3 * 86_400_000,
  now_ms: NOW_MS,
  key: 'a1'.repeat(32),
  address: { ip: '192.0.2.1', https_port: 22_021, peer_port: 22_020 },
  state: 'active',
  serving: true,
  swarm_id: '00000000000000f7',
  swarm_members: 4,
  nodes: 12,
  epoch: 3,
  list_age_ms: 86_400_000,
  list_expires_in_ms: 29 * 86_400_000,
  list_expired: false,
  list_problem: null,
  peers: { reachable: 10, unreachable: 1 },
  tested: { public: { age_ms: 4_000 }, peer: { age_ms: null } },
  seen_by_peers: {
    asked: 7,
    answered: 3,
    age_ms: 12_000,
    public: { reached: 1, failed: 2 },
    peer: { reached: 3, failed: 0 },
    observed_ips: ['192.0.2.1'],
    views: [view('b2', true), view('c3', false), { ...view('d4', false), test: null, observed_ip: null }],
  },
  clock: { state: 'warn', offset_ms: -2_345, peers: 7, reason: null },
  twin: { found: false, seen_age_ms: null, how: null },
  swarm: [
    member('a1', { self: true, ip: '192.0.2.1', reachable: null, public: null, peer: null, tested_age_ms: null }),
    member('b2'),
    member('c3', { ip: '198.51.100.7', reachable: false, public: false, answer_ms: 5_003 }),
    member('d4', {
      ip: '203.0.113.9',
      reachable: null,
      public: null,
      peer: null,
      tested_age_ms: null,
      answer_ms: null,
    }),
  ],
  traffic: {
    minutes: Array.from({ length: 60 }, (_unused, minute) => ({
      at_ms: NOW_MS - (59 - minute) * MINUTE_MS,
      requests: Math.round(300 + 200 * Math.sin(minute / 6) + (minute % 7) * 12),
      bytes_in: 1_000_000,
      bytes_out: 2_500_000,
    })),
  },
  warnings: [
    {
      id: 'list_problem',
      severity: 'critical',
      text: 'The list says <script>alert("1")</script> & more.',
      remedy: 'ask the administrators',
    },
    { id: 'clock_offset', severity: 'warning', text: 'The clock is 2.3 s behind.', remedy: 'set it' },
  ],
};
