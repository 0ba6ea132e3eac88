import { describe, expect, it } from '@jest/globals';
import { waitUntil } from '#testing';
import { Neighbourhood } from './neighbourhood.js';
import { nodeKey, SELF, type SwarmManagerUnderTest } from './swarm-manager-under-test.js';

const NEWS_TIMEOUT_MS = 10_000;
const TEST_TIMEOUT_MS = 30_000;
const MINUTE_MS = 60_000;

describe('the standing of a node, by its swarm-manager', () => {
  const around = new Neighbourhood();

  /** A network of ourselves and so many others, all with a clock that is right. */
  async function start(count: number): Promise<SwarmManagerUnderTest> {
    for (let byte = 2; byte < count + 2; byte += 1) await around.add(nodeKey(byte));
    around.publish([SELF, ...around.others.map(({ listed }) => listed)]);
    return around.start();
  }
  const metric = async (name: string): Promise<number> => {
    const line = (await around.manager.metrics()).split('\n').find((each) => each.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1));
  };

  it(
    'F8: with a clock of ten minutes ahead is not ready after two minutes, tells its services, and comes back by itself',
    async () => {
      around.clock.aheadMs = 10 * MINUTE_MS;
      const node = await start(6);
      const standings = node.standings();
      await waitUntil('the comparison', NEWS_TIMEOUT_MS, async () =>
        expect(await metric('swarm_manager_clock_offset_seconds')).toBeGreaterThan(599),
      );
      expect(await metric('swarm_manager_clock_peers')).toBe(6);
      expect(node.problems()).toEqual({}); // so soon it may be a moment's mistake
      around.time.skippedMs += 2 * MINUTE_MS;
      await waitUntil('the doubt', NEWS_TIMEOUT_MS, () => expect(node.problems()).toHaveProperty('clock'));
      await waitUntil('the word of it', NEWS_TIMEOUT_MS, () =>
        expect(standings.at(-1)?.clock).toMatchObject({ isTrusted: false, isRight: false }),
      );
      expect(await metric('swarm_manager_clock_trusted')).toBe(0);
      expect(node.log.lines).toContainEqual(
        expect.objectContaining({
          level: 'warn',
          event: 'clock',
          fields: expect.objectContaining({ outcome: 'not_ready' }),
        }),
      );

      around.clock.aheadMs = 0;
      await waitUntil('the trust', NEWS_TIMEOUT_MS, () => expect(node.problems()).toEqual({}));
      await waitUntil('the word of it', NEWS_TIMEOUT_MS, () =>
        expect(standings.at(-1)?.clock).toMatchObject({ isTrusted: true, isRight: true }),
      );
      await waitUntil('the new offset', NEWS_TIMEOUT_MS, async () =>
        expect(Math.abs(await metric('swarm_manager_clock_offset_seconds'))).toBeLessThan(1),
      );
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'is compared with nobody in a network of one, and never doubted',
    async () => {
      around.clock.aheadMs = 10 * MINUTE_MS;
      const alone = await start(0);
      const standings = alone.standings();
      await waitUntil('a word', NEWS_TIMEOUT_MS, () =>
        expect(standings.at(-1)?.clock).toMatchObject({ isTrusted: true, isRight: true }),
      );
      expect(await metric('swarm_manager_clock_offset_seconds')).toBeNaN();
      expect(alone.problems()).toEqual({});
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'shows what others say of their tests, and asks each of them under one instance',
    async () => {
      await start(3);
      around.others.forEach((other, index) => {
        const test = {
          ageMs: 100,
          ip: '127.0.0.1',
          public: { port: 1, isReached: index > 0 },
          peer: { port: 2, isReached: true },
        };
        other.known = { ...other.known, test };
      });
      const views = async (surface: string, outcome: string): Promise<number> =>
        metric(`swarm_manager_peer_views{surface="${surface}",outcome="${outcome}"}`);
      await waitUntil('their words', NEWS_TIMEOUT_MS, async () => {
        expect([await views('public', 'reached'), await views('public', 'failed')]).toEqual([2, 1]);
        expect([await views('peer', 'reached'), await views('peer', 'failed')]).toEqual([3, 0]);
      });
      const instances = new Set(around.others.flatMap(({ asked }) => asked));
      expect(instances.size).toBe(1);
      expect([...instances][0]).toMatch(/^[0-9a-f]{32}$/);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'is known from what its relays report',
    async () => {
      const node = await start(2);
      const none = { requests: 0, bytesIn: 0, bytesOut: 0 };
      expect(await metric('swarm_manager_tested_age_seconds{surface="public"}')).toBeNaN();
      node.report({ testedAgoMs: { public: 50_000, peer: null }, ...none });
      node.report({ testedAgoMs: { public: 20_000, peer: null }, ...none });
      await waitUntil('the report', NEWS_TIMEOUT_MS, async () => {
        const age = await metric('swarm_manager_tested_age_seconds{surface="public"}');
        expect(age).toBeGreaterThanOrEqual(20);
        expect(age).toBeLessThan(50);
      });
      expect(await metric('swarm_manager_tested_age_seconds{surface="peer"}')).toBeNaN();
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'is told to others too: the last test of them, a new one for who has none, and whoever else has their key',
    async () => {
      const node = await start(1);
      const [other] = around.others;
      if (other === undefined) throw new Error('no other node');
      await waitUntil('a test', NEWS_TIMEOUT_MS, async () => {
        const { test } = await node.tell(other.key, 'aa'.repeat(16));
        expect(test).toMatchObject({
          ip: '127.0.0.1',
          public: { isReached: false },
          peer: { isReached: true },
        });
      });
      const again = await node.tell(other.key, 'aa'.repeat(16));
      expect(again.instance).toMatch(/^[0-9a-f]{32}$/);
      expect(again.otherAgeMs).toBeNull();
      const twin = await node.tell(other.key, 'bb'.repeat(16));
      expect(twin.otherAgeMs).toBeGreaterThanOrEqual(0);
      expect(await node.metrics()).not.toContain(other.key.id);
      expect(JSON.stringify(node.log.lines)).not.toMatch(/[0-9a-f]{64}/);
    },
    TEST_TIMEOUT_MS,
  );
});
