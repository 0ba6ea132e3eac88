import { describe, expect, it } from '@jest/globals';
import { StartRefused } from '#platform';
import { waitUntil } from '#testing';
import { Neighbourhood } from './neighbourhood.js';
import { nodeKey, SELF } from './swarm-manager-under-test.js';

const NEWS_TIMEOUT_MS = 10_000;
const TEST_TIMEOUT_MS = 30_000;
const MINUTE_MS = 60_000;
const TWIN = 'bb'.repeat(16);
const NONE = { found: false, seen_age_ms: null, how: null };

describe('a swarm-manager whose node has a twin', () => {
  const around = new Neighbourhood();

  it(
    'does not start while the twin answers at its address, and starts when that is gone',
    async () => {
      const twin = await around.add(SELF);
      around.publish([twin.listed, nodeKey(2)]);
      const refused = await around.start().catch((cause: unknown) => cause);
      expect(refused).toBeInstanceOf(StartRefused);
      expect((refused as StartRefused).message).toMatch(
        /^another node with this key answers at 127\.0\.0\.1:\d+ and does not belong to this one; stop it, /,
      );
      expect(new Set(twin.asked).size).toBe(1);
      await twin.stop();
      around.others.length = 0;
      expect((await around.start()).status().twin).toEqual(NONE);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'starts when what answers there cannot say who it is, such as its own relay',
    async () => {
      const relay = await around.add(SELF);
      relay.known = { instance: null, test: null, otherAgeMs: null };
      around.publish([relay.listed, nodeKey(2)]);
      expect((await around.start()).status().twin).toEqual(NONE);
      expect(relay.asked.length).toBeGreaterThan(0);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'raises an alarm when the twin appears at its address, which ends ten minutes after it is gone',
    async () => {
      const twin = await around.add(SELF);
      twin.known = { instance: null, test: null, otherAgeMs: null };
      around.publish([twin.listed, nodeKey(2)]);
      const node = await around.start();
      twin.known = { ...twin.known, instance: TWIN };
      await waitUntil('the alarm', NEWS_TIMEOUT_MS, () =>
        expect(node.status().twin).toMatchObject({ found: true, how: 'own_address' }),
      );
      expect(node.status().warnings[0]).toMatchObject({ id: 'twin', severity: 'critical' });
      expect(await node.metrics()).toMatch(/^swarm_manager_twin_found 1$/m);
      expect(node.log.lines).toContainEqual({ level: 'warn', event: 'twin_found', fields: { outcome: 'own_address' } });
      expect(JSON.stringify(node.log.lines)).not.toMatch(/[0-9a-f]{32}/);

      twin.known = { ...twin.known, instance: null };
      around.time.skippedMs += 11 * MINUTE_MS;
      await waitUntil('the end of it', NEWS_TIMEOUT_MS, () => expect(node.status().twin).toEqual(NONE));
      expect(await node.metrics()).toMatch(/^swarm_manager_twin_found 0$/m);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'raises an alarm when somebody with its key asks it, unless that shares its bus',
    async () => {
      around.publish([SELF, nodeKey(2)]);
      const node = await around.start();
      around.time.skippedMs += MINUTE_MS;
      const sibling = 'cc'.repeat(16);
      await node.hearOf(sibling);
      await node.tell(SELF, sibling);
      expect(node.status().twin).toEqual(NONE);
      around.time.skippedMs += MINUTE_MS;
      await node.tell(SELF, TWIN);
      expect(node.status().twin).toMatchObject({ found: true, how: 'visitor' });
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'raises an alarm when two of the nodes that it asks were asked by the twin, not by its own start before',
    async () => {
      for (const byte of [2, 3, 4]) await around.add(nodeKey(byte));
      around.publish([SELF, ...around.others.map(({ listed }) => listed)]);
      for (const each of around.others) each.known = { ...each.known, otherAgeMs: 2 * MINUTE_MS };
      const node = await around.start();
      around.time.skippedMs += MINUTE_MS;
      await waitUntil('a round', NEWS_TIMEOUT_MS, () =>
        expect(node.status()).toMatchObject({ seen_by_peers: { answered: 3 }, twin: NONE }),
      );
      for (const each of around.others.slice(1)) each.known = { ...each.known, otherAgeMs: 1_000 };
      await waitUntil('the alarm', NEWS_TIMEOUT_MS, () =>
        expect(node.status().twin).toMatchObject({ found: true, how: 'peers' }),
      );
    },
    TEST_TIMEOUT_MS,
  );
});
