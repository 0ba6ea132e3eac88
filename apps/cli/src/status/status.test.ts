import { describe, expect, it } from '@jest/globals';
import pc from 'picocolors';
import { Metrics } from '../running/metrics.js';
import { ratesBetween, sampleOf } from './rates.js';
import type { NodeReading, ServiceStatus } from './read-status.js';
import { screenLines } from './screen.js';
import { readStanding } from '../running/standing.js';

const PLAIN = pc.createColors(false);
const KEY = 'ab'.repeat(32);

const counted = (onions: number, stores: number): Metrics[] => [
  new Metrics(`relay_onions_total{source="client"} ${onions}\nrelay_onions_total{source="peer"} 0\n`),
  new Metrics(`storage_stores_total{outcome="new"} ${stores}\nstorage_stores_total{outcome="held"} 100\n`),
];

describe('rates', () => {
  it('are what was counted between two looks, by the second', () => {
    const rates = ratesBetween(sampleOf(counted(10, 5), 1_000), sampleOf(counted(40, 6), 3_000));
    expect(rates).toMatchObject({ onions_of_clients: 15, onions_of_nodes: 0, stores: 0.5 });
  });

  it('are unknown where nothing answers, and where a service began anew', () => {
    const rates = ratesBetween(sampleOf(counted(10, 5), 1_000), sampleOf(counted(0, 6), 2_000));
    expect(rates).toMatchObject({ onions_of_clients: null, stores: 1, bytes_in: null });
    expect(ratesBetween(sampleOf(counted(1, 1), 1_000), sampleOf(counted(2, 2), 1_000)).stores).toBeNull();
  });
});

describe('what a swarm-manager says of its node', () => {
  it('may lack what its version does not know, and hold what ours does not', () => {
    const standing = readStanding('{"epoch":3,"state":"active","of_tomorrow":[1],"clock":"odd"}');
    expect(standing).toMatchObject({ epoch: 3, state: 'active', clock: null, warnings: null, of_tomorrow: [1] });
  });

  it.each(['', '[]', '"text"', '{'])('is nothing when it is %p', (text) => expect(readStanding(text)).toBeNull());
});

describe('the screen', () => {
  const service = (changes: Partial<ServiceStatus>): ServiceStatus => ({
    service: 'relay',
    url: 'http://127.0.0.1:9101',
    state: 'ready',
    problems: [],
    pid: 7,
    memory_bytes: 118_000_000,
    ...changes,
  });
  const reading = (changes: Partial<NodeReading>): NodeReading => ({
    services: [service({})],
    standing: null,
    redis: null,
    sample: sampleOf([], 0),
    ...changes,
  });

  it('shows standing, swarm, reachability, clock, rates, memory and warnings', () => {
    const standing = readStanding(
      JSON.stringify({
        version: '0.1.0',
        uptime_ms: 7_300_000,
        key: KEY,
        state: 'active',
        serving: true,
        epoch: 3,
        nodes: 12,
        list_expires_in_ms: 12 * 86_400_000,
        list_expired: false,
        swarm_id: '4000000000000000',
        swarm_members: 2,
        swarm: [
          { ed25519: KEY, self: true, reachable: null, tested_age_ms: null, answer_ms: null },
          { ed25519: 'cd'.repeat(32), self: false, reachable: true, tested_age_ms: 5_000, answer_ms: 12 },
        ],
        peers: { reachable: 10, unreachable: 1 },
        tested: { public: { age_ms: 4_100 }, peer: { age_ms: null } },
        seen_by_peers: { asked: 7, answered: 6, public: { reached: 5, failed: 1 }, peer: { reached: 6, failed: 0 } },
        clock: { state: 'warn', offset_ms: -2_340, peers: 6, reason: null },
        warnings: [{ id: 'x', severity: 'warning', text: 'The clock is off.', remedy: 'Run NTP.' }],
      }),
    );
    const rates = ratesBetween(sampleOf(counted(0, 0), 0), sampleOf(counted(24, 1), 2_000));
    const redis = { used_bytes: 12_000_000, limit_bytes: 256_000_000 };
    expect(screenLines(reading({ standing, redis }), rates, PLAIN)).toEqual([
      'node     abababababab…, active, serving, version 0.1.0, up 2 h',
      'list     number 3, 12 nodes, expires in 12 days',
      'swarm    4000000000000000, 2 members',
      '         abababababab…  this node',
      '         cdcdcdcdcdcd…  reached 5 s ago, in 12 ms',
      'peers    10 reachable, 1 not',
      'tested   public port 4 s ago, peer port never',
      '         6 of 7 peers told: 5 of 6 reach the public port, 6 of 6 the peer port',
      'clock    warn: 2.3 s behind the median of 6 nodes',
      'onions   12/s of clients, 0/s of nodes',
      'messages 0.5/s stored',
      'redis    12.0 MB of 256 MB (5 %)',
      '',
      'service  state  pid  memory',
      'relay    ready  7    118 MB',
      'warning  The clock is off.',
      '         → Run NTP.',
    ]);
  });

  it('says what does not answer and why, and shows a shared process once', () => {
    const services = [
      service({ state: 'not ready', problems: ['no membership yet'] }),
      service({ service: 'storage' }),
      service({
        service: 'swarm-manager',
        state: 'does not answer',
        problems: ['ECONNREFUSED'],
        pid: null,
        memory_bytes: null,
      }),
    ];
    expect(screenLines(reading({ services }), null, PLAIN)).toEqual([
      'node     no standing: the swarm-manager does not answer',
      '',
      'service        state            pid  memory',
      'relay          not ready        7    118 MB',
      'storage        ready            7    the same',
      'swarm-manager  does not answer',
      'relay: no membership yet',
      'swarm-manager: ECONNREFUSED',
    ]);
  });
});
