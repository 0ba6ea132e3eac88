import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { anAccount, waitUntil } from '#testing';
import { firstOf, textsAt } from '../rpc.js';
import { NETWORK_TIMEOUT_MS, RECOVERY_TIMEOUT_MS } from '../timeouts.js';
import { Load } from './load.js';
import { OWN_ID, OwnNode } from './own-node.js';

/** Five services one after the other, each of which is served out. */
const ROUND_TIMEOUT_MS = 240_000;

describe('a node whose services are replaced', () => {
  let started: OwnNode | undefined;
  let own: OwnNode;
  let loads: Load[] = [];
  beforeAll(async () => {
    started = await OwnNode.start();
    own = started;
  }, NETWORK_TIMEOUT_MS);
  afterEach(() => Promise.all(loads.map((load) => load.end())));
  afterAll(() => started?.remove(), NETWORK_TIMEOUT_MS);

  function start(node: OwnNode['node'], byte: number): Load {
    const load = new Load(node, anAccount(byte));
    loads.push(load);
    return load;
  }

  /** Every message that was acknowledged is with each member that signed for it, two of them at least. */
  async function expectAllKept({ account, kept }: Load): Promise<void> {
    expect(kept.size).toBeGreaterThan(0);
    for (const member of own.network.nodes) {
      const texts = await waitUntil('its messages', RECOVERY_TIMEOUT_MS, () => textsAt(member, account));
      const held = new Set(texts);
      const claimed = [...kept].filter(([, members]) => members.includes(member.ed25519)).map(([text]) => text);
      expect(claimed.filter((text) => !held.has(text))).toEqual([]);
    }
    for (const members of kept.values()) expect(members.length).toBeGreaterThanOrEqual(2);
  }

  it(
    'fails no request of clients, at it or elsewhere, while they are replaced one after the other',
    async () => {
      const other = firstOf(own.network.nodes.filter(({ ed25519 }) => ed25519 !== OWN_ID));
      loads = [];
      const [here, there] = [start(own.node, 0x61), start(other, 0x62)];
      await Promise.all([here.more(), there.more()]);
      for (const service of own.services) {
        expect(await service.stop()).toBe(0);
        await Promise.all([here.more(), there.more()]);
        service.start();
        await service.ready();
        await Promise.all([here.more(), there.more()]);
      }
      await Promise.all([here.end(), there.end()]);
      expect(here.failures).toEqual([]);
      expect(there.failures).toEqual([]);
      await expectAllKept(here);
      await expectAllKept(there);
      expect(own.said).not.toContain('"level":"error"');
    },
    ROUND_TIMEOUT_MS,
  );

  it(
    'loses nothing that was acknowledged when all of it ends at once, and the network goes on without it',
    async () => {
      const other = firstOf(own.network.nodes.filter(({ ed25519 }) => ed25519 !== OWN_ID));
      loads = [];
      const [here, there] = [start(own.node, 0x63), start(other, 0x64)];
      await Promise.all([here.more(), there.more()]);
      expect(await Promise.all(own.services.map((service) => service.stop()))).toEqual([0, 0, 0, 0, 0]);
      await here.end();
      await there.more();
      for (const service of own.services) service.start();
      await own.ready();
      await there.more();
      await there.end();
      expect(there.failures).toEqual([]);
      await expectAllKept(here);
      await expectAllKept(there);
      expect(own.said).not.toContain('"level":"error"');
    },
    ROUND_TIMEOUT_MS,
  );
});
