import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { StartRefused } from '#platform';
import { startNats, waitUntil, type TestNats } from '#testing';
import { SharedTime, WrongClock } from '../wrong-clock.js';
import { OtherNode } from './other-node.js';
import { nodeKey, NodeFolder, SELF, SwarmManagerUnderTest } from './swarm-manager-under-test.js';

const START_TIMEOUT_MS = 60_000;
const NEWS_TIMEOUT_MS = 10_000;
const TEST_TIMEOUT_MS = 30_000;
const MINUTE_MS = 60_000;
const TWIN = 'bb'.repeat(16);
const NONE = { found: false, seen_age_ms: null, how: null };

describe('a swarm-manager whose node has a twin', () => {
  let nats: TestNats;
  let folder: NodeFolder;
  let time: SharedTime;
  let manager: SwarmManagerUnderTest | undefined;
  const others: OtherNode[] = [];
  beforeAll(async () => {
    nats = await startNats();
  }, START_TIMEOUT_MS);
  beforeEach(() => {
    folder = new NodeFolder();
    time = new SharedTime();
  });
  afterEach(async () => {
    expect(manager?.log.faults ?? []).toEqual([]);
    await manager?.stop();
    manager = undefined;
    await Promise.all(others.splice(0).map((other) => other.stop()));
    folder.remove();
  });
  afterAll(() => nats.stop());

  async function other(key: OtherNode['key']): Promise<OtherNode> {
    const node = await OtherNode.start(key, new WrongClock(time), (id) => id === SELF.id);
    others.push(node);
    return node;
  }
  async function start(): Promise<SwarmManagerUnderTest> {
    manager = await SwarmManagerUnderTest.start(nats, folder, new WrongClock(time));
    return manager;
  }

  it(
    'does not start while the twin answers at its address, and starts when that is gone',
    async () => {
      const twin = await other(SELF);
      folder.publish([twin.listed, nodeKey(2)]);
      const refused = await start().catch((cause: unknown) => cause);
      expect(refused).toBeInstanceOf(StartRefused);
      expect((refused as StartRefused).message).toMatch(
        /^another node with this key answers at 127\.0\.0\.1:\d+ and does not belong to this one; stop it, /,
      );
      expect(new Set(twin.asked).size).toBe(1);
      await twin.stop();
      others.length = 0;
      expect((await start()).status().twin).toEqual(NONE);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'starts when what answers there cannot say who it is, such as its own relay',
    async () => {
      const relay = await other(SELF);
      relay.known = { instance: null, test: null, otherAgeMs: null };
      folder.publish([relay.listed, nodeKey(2)]);
      expect((await start()).status().twin).toEqual(NONE);
      expect(relay.asked.length).toBeGreaterThan(0);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'raises an alarm when the twin appears at its address, which ends ten minutes after it is gone',
    async () => {
      const twin = await other(SELF);
      twin.known = { instance: null, test: null, otherAgeMs: null };
      folder.publish([twin.listed, nodeKey(2)]);
      const node = await start();
      twin.known = { ...twin.known, instance: TWIN };
      await waitUntil('the alarm', NEWS_TIMEOUT_MS, () =>
        expect(node.status().twin).toMatchObject({ found: true, how: 'own_address' }),
      );
      expect(node.status().warnings[0]).toMatchObject({ id: 'twin', severity: 'critical' });
      expect(await node.metrics()).toMatch(/^swarm_manager_twin_found 1$/m);
      expect(node.log.lines).toContainEqual({ level: 'warn', event: 'twin_found', fields: { outcome: 'own_address' } });
      expect(JSON.stringify(node.log.lines)).not.toMatch(/[0-9a-f]{32}/);

      twin.known = { ...twin.known, instance: null };
      time.skippedMs += 11 * MINUTE_MS;
      await waitUntil('the end of it', NEWS_TIMEOUT_MS, () => expect(node.status().twin).toEqual(NONE));
      expect(await node.metrics()).toMatch(/^swarm_manager_twin_found 0$/m);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'raises an alarm when somebody with its key asks it, unless that shares its bus',
    async () => {
      folder.publish([SELF, nodeKey(2)]);
      const node = await start();
      time.skippedMs += MINUTE_MS;
      const sibling = 'cc'.repeat(16);
      await node.hearOf(sibling);
      await node.tell(SELF, sibling);
      expect(node.status().twin).toEqual(NONE);
      time.skippedMs += MINUTE_MS;
      await node.tell(SELF, TWIN);
      expect(node.status().twin).toMatchObject({ found: true, how: 'visitor' });
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'raises an alarm when two of the nodes that it asks were asked by the twin, not by its own start before',
    async () => {
      for (const byte of [2, 3, 4]) await other(nodeKey(byte));
      folder.publish([SELF, ...others.map(({ listed }) => listed)]);
      for (const each of others) each.known = { ...each.known, otherAgeMs: 2 * MINUTE_MS };
      const node = await start();
      time.skippedMs += MINUTE_MS;
      await waitUntil('a round', NEWS_TIMEOUT_MS, () =>
        expect(node.status()).toMatchObject({ seen_by_peers: { answered: 3 }, twin: NONE }),
      );
      for (const each of others.slice(1)) each.known = { ...each.known, otherAgeMs: 1_000 };
      await waitUntil('the alarm', NEWS_TIMEOUT_MS, () =>
        expect(node.status().twin).toMatchObject({ found: true, how: 'peers' }),
      );
    },
    TEST_TIMEOUT_MS,
  );
});
