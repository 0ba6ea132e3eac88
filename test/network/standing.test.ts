import { describe, expect, it } from '@jest/globals';
import { waitUntil } from '#testing';
import type { NodeStatus } from '../../apps/swarm-manager/src/status/node-status.js';
import { networkOfSuite } from './network-of-suite.js';
import { firstOf } from './rpc.js';
import { RECOVERY_TIMEOUT_MS, TEST_TIMEOUT_MS } from './timeouts.js';

const ASK_TIMEOUT_MS = 10_000;

describe('what a node knows of its own standing', () => {
  const up = networkOfSuite({ nodes: 3, separate: true });

  const first = () => firstOf(up().nodes);
  async function status(): Promise<NodeStatus> {
    const url = `${first().info.admin_urls?.swarm_manager ?? ''}/status`;
    return (await (await fetch(url, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) })).json()) as NodeStatus;
  }

  it(
    'is soon complete: who reaches it, its clock, its swarm, and nothing that is wrong',
    async () => {
      const seen = await waitUntil('the word of the others', RECOVERY_TIMEOUT_MS, async () => {
        const now = await status();
        expect(now).toMatchObject({
          state: 'active',
          serving: true,
          seen_by_peers: { asked: 2, answered: 2, public: { reached: 2, failed: 0 }, peer: { reached: 2, failed: 0 } },
          clock: { state: 'ok', peers: 2 },
          tested: { public: { age_ms: expect.any(Number) }, peer: { age_ms: expect.any(Number) } },
          warnings: [],
        });
        return now;
      });
      const { info } = first();
      expect(seen.key).toBe(info.pubkey_ed25519);
      expect(seen.address).toEqual({ ip: info.ip, https_port: info.https_port, peer_port: info.peer_port });
      expect(seen.seen_by_peers.observed_ips).toEqual(['127.0.0.1']);
      expect(seen.seen_by_peers.views[0]?.test).toMatchObject({ public: { port: info.https_port, reached: true } });
      expect(seen.swarm.map(({ self }) => self)).toEqual([true, ...seen.swarm.slice(1).map(() => false)]);
      expect(seen.traffic.minutes.length).toBeGreaterThan(0);
    },
    TEST_TIMEOUT_MS,
  );
});
