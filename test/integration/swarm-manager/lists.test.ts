import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MovedClock, startNats, waitUntil, type TestNats } from '#testing';
import { nodeKey, NodeFolder, SELF, SwarmManagerUnderTest } from './swarm-manager-under-test.js';

const START_TIMEOUT_MS = 60_000;
const NEWS_TIMEOUT_MS = 10_000;
const HOUR_MS = 3_600_000;
/** A list of these tests is valid for 24. */
const HOURS_AWAY = 26;
const QUESTIONS_AN_HOUR = 10;
const OTHER = nodeKey(2);
const THIRD = nodeKey(3);
const STRANGER = nodeKey(0xee);

describe('a swarm-manager', () => {
  let nats: TestNats;
  let folder: NodeFolder;
  const running: SwarmManagerUnderTest[] = [];
  beforeAll(async () => {
    nats = await startNats();
  }, START_TIMEOUT_MS);
  beforeEach(() => {
    folder = new NodeFolder();
  });
  afterEach(async () => {
    for (const manager of running.splice(0)) {
      expect(manager.log.faults).toEqual([]);
      await manager.stop();
    }
    folder.remove();
  });
  afterAll(() => nats.stop());

  async function start(): Promise<SwarmManagerUnderTest> {
    const manager = await SwarmManagerUnderTest.start(nats, folder);
    running.push(manager);
    return manager;
  }
  async function stop(manager: SwarmManagerUnderTest): Promise<void> {
    running.splice(running.indexOf(manager), 1);
    await manager.stop();
  }
  const isAtHeight = (manager: SwarmManagerUnderTest, height: number): Promise<void> =>
    waitUntil(`height ${height}`, NEWS_TIMEOUT_MS, async () => expect((await manager.current())?.height).toBe(height));

  it('tells the other services who is in the network, and of every newer list', async () => {
    folder.publish([SELF, OTHER]);
    const manager = await start();
    await isAtHeight(manager, 1);
    expect((await manager.current())?.nodes.map(({ ed25519 }) => ed25519).sort()).toEqual([SELF.id, OTHER.id].sort());
    expect(manager.status()).toMatchObject({
      epoch: 1,
      nodes: 2,
      state: 'active',
      list_problem: null,
      swarm_members: 2,
    });

    const heights = manager.heights();
    folder.publish([THIRD]);
    await isAtHeight(manager, 2);
    await waitUntil('the publication', NEWS_TIMEOUT_MS, () => expect(heights).toContain(2));
    expect((await manager.current())?.nodes).toHaveLength(3);
    expect(await manager.metrics()).toMatch(/^swarm_manager_height 2$/m);
  });

  it('keeps the list in force when somebody else signed the next one, and names no key in its log', async () => {
    folder.publish([SELF, OTHER]);
    const manager = await start();
    await isAtHeight(manager, 1);
    folder.publish([THIRD], STRANGER);
    await waitUntil('the refusal', NEWS_TIMEOUT_MS, () => expect(manager.status().list_problem).not.toBeNull());
    expect(manager.status()).toMatchObject({
      epoch: 1,
      list_problem: `The list is signed by ${STRANGER.id}, who is not an administrator of this network.`,
    });
    expect(manager.problems()).toEqual({}); // it works on
    expect(manager.log.lines).toContainEqual({
      level: 'warn',
      event: 'list_not_accepted',
      fields: { reason: 'The list is signed by (a key), who is not an administrator of this network.' },
    });
    expect(JSON.stringify(manager.log.lines)).not.toMatch(/[0-9a-f]{64}/);
    expect(await manager.metrics()).toMatch(/^swarm_manager_list_reads_total\{outcome="refused"\} [1-9]/m);
  });

  it.each([
    ['nonsense', 'no list at all'],
    ['half of itself', '{"list":"{'],
    ['nothing', ''],
  ])('keeps the list in force when the file holds %s', async (_what, text) => {
    const good = folder.publish([SELF, OTHER]);
    const manager = await start();
    await isAtHeight(manager, 1);
    folder.write(text);
    await waitUntil('the refusal', NEWS_TIMEOUT_MS, () => expect(manager.status().list_problem).not.toBeNull());
    expect((await manager.current())?.height).toBe(1);
    folder.write(good);
    await waitUntil('the list', NEWS_TIMEOUT_MS, () => expect(manager.status().list_problem).toBeNull());
  });

  it('goes on after a restart with what it had, although the list is gone', async () => {
    folder.publish([SELF, OTHER]);
    const first = await start();
    await isAtHeight(first, 1);
    await stop(first);
    rmSync(folder.list);

    const second = await start();
    expect((await second.current())?.height).toBe(1);
    expect(second.problems()).toEqual({});
    expect(second.status().list_problem).toMatch(/^the list file cannot be read /);
  });

  it(
    'serves for a day and more by what it had while the list is away, and takes the next one when it is back',
    async () => {
      const text = folder.publish([SELF, OTHER]);
      const clock = new MovedClock();
      const manager = await SwarmManagerUnderTest.start(nats, folder, clock);
      running.push(manager);
      await isAtHeight(manager, 1);
      const readAt = async (): Promise<number> =>
        Number(/^swarm_manager_list_read_timestamp_seconds (\S+)$/m.exec(await manager.metrics())?.[1]);
      await waitUntil('a reading', NEWS_TIMEOUT_MS, async () => expect(await readAt()).toBeGreaterThan(0));
      rmSync(folder.list);
      await waitUntil('the loss', NEWS_TIMEOUT_MS, () =>
        expect(manager.status().list_problem).toMatch(/cannot be read/),
      );
      const lastRead = await readAt();

      const question = '{"method":"get_n_service_nodes","params":{"fields":{"pubkey_ed25519":true}}}';
      const seed = async (): Promise<unknown> =>
        (await fetch(`${manager.seedUrl}/json_rpc`, { method: 'POST', body: question })).json();
      const whole = { result: { height: 1, status: 'OK', service_node_states: [{}, {}] } };
      for (let hours = 1; hours <= HOURS_AWAY; hours++) {
        clock.aheadMs = hours * HOUR_MS;
        const questions = Array.from({ length: QUESTIONS_AN_HOUR }, () => Promise.all([manager.current(), seed()]));
        for (const [current, answer] of await Promise.all(questions)) {
          expect(current).toMatchObject({ height: 1 });
          expect(answer).toMatchObject(whole);
        }
        expect(manager.problems()).toEqual({});
      }
      expect(await readAt()).toBe(lastRead); // its age is what the clock says since then
      expect(manager.status()).toMatchObject({ epoch: 1, list_expired: true });
      expect(await manager.metrics()).toMatch(/^swarm_manager_list_reads_total\{outcome="unavailable"\} [1-9]/m);

      folder.write(text);
      await waitUntil('the list', NEWS_TIMEOUT_MS, async () => expect(await readAt()).toBeGreaterThan(lastRead));
      clock.aheadMs = 0; // the next one is of this day
      folder.publish([THIRD]);
      await isAtHeight(manager, 2);
    },
    START_TIMEOUT_MS,
  );

  it('waits for a list when it has none, and begins anew when what it had is damaged', async () => {
    const manager = await start();
    expect(await manager.current()).toBeNull();
    expect(manager.problems()).toHaveProperty('list');
    folder.publish([SELF, OTHER]);
    await isAtHeight(manager, 1);
    await waitUntil('readiness', NEWS_TIMEOUT_MS, () => expect(manager.problems()).toEqual({}));
    await stop(manager);

    writeFileSync(join(folder.path, 'state', 'membership.json'), '{"signedList":"no list","snapshot":"none"}');
    await isAtHeight(await start(), 1);
  });

  it('counts nodes that cannot be reached', async () => {
    folder.publish([SELF, OTHER]);
    const manager = await start();
    await waitUntil('a test', NEWS_TIMEOUT_MS, () =>
      expect(manager.status().peers).toEqual({ reachable: 0, unreachable: 1 }),
    );
    expect(await manager.metrics()).not.toContain(OTHER.id);
  });

  it('answers clients at the seed, and outlives what is no question', async () => {
    folder.publish([SELF, OTHER]);
    const manager = await start();
    await isAtHeight(manager, 1);
    const post = (body: string, path = '/json_rpc'): Promise<Response> =>
      fetch(manager.seedUrl + path, { method: 'POST', body });
    expect((await post('x'.repeat(17 * 1024))).status).toBe(413);
    expect((await post('{}', '/other')).status).toBe(404);
    expect((await fetch(`${manager.seedUrl}/json_rpc`)).status).toBe(404);
    expect(await (await post('nonsense')).json()).toMatchObject({ error: { code: -32_700 } });
    const answer = await post('{"method":"get_n_service_nodes","params":{"fields":{"pubkey_ed25519":true}}}');
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(await answer.json()).toMatchObject({ result: { height: 1, service_node_states: [{}, {}] } });
  });
});
