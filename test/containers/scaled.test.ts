import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { waitUntil } from '#testing';
import { Checkout } from './checkout.js';
import { Composition } from './composition.js';
import { describeWithEngine, docker, TEST_TIMEOUT_MS } from './engine.js';
import { allTextsAt, Load } from './load.js';
import { neighbours } from './neighbours.js';

const CLIENTS = 8;
const MORE = 200;
const PROGRESS_TIMEOUT_MS = 60_000;

/** Three storages share Redis and the requests; two relays are published on two ports each. */
describeWithEngine('a node with three storages and two relays', () => {
  let checkout: Checkout;
  let node: Composition | undefined;
  const up = (): Composition => {
    if (node === undefined) throw new Error('there is no node');
    return node;
  };
  const scale = ['--scale', 'storage=3', '--scale', 'relay=2'];

  beforeAll(async () => {
    checkout = await Checkout.create();
    const [https, peer] = [await neighbours(), await neighbours()];
    node = await Composition.create(checkout.dir, {
      HTTPS_PORTS: `${https}-${https + 1}`,
      PEER_PORTS: `${peer}-${peer + 1}`,
      RELAY_RPC_PER_SECOND: '0', // all clients here come from one address
    });
    await node.up(...scale);
  }, TEST_TIMEOUT_MS);
  afterAll(async () => {
    await node?.remove();
    await checkout.remove();
  }, TEST_TIMEOUT_MS);

  it(
    'loses no acknowledged message, and no more than what is under way, when one of each is killed under load',
    async () => {
      const relays = await Promise.all(
        (await up().containersOf('relay')).map((id) => publishedAt(id, up().ports.https)),
      );
      expect(relays).toHaveLength(2);
      const [victim, other] = relays as [Relay, Relay];
      const load = new Load(relays, CLIENTS);
      const progress = async (): Promise<void> => {
        const before = load.count;
        await waitUntil('more messages', PROGRESS_TIMEOUT_MS, () => expect(load.count).toBeGreaterThan(before + MORE));
      };
      try {
        await progress();
        expect(load.failures).toEqual([]);

        const [storage = ''] = await up().containersOf('storage');
        await docker(['kill', storage]);
        await progress();
        const afterStorage = load.failures.length;
        expect(afterStorage).toBeLessThanOrEqual(CLIENTS);

        await docker(['kill', victim.container]);
        await progress();
        const ofRelay = load.failures.slice(afterStorage);
        expect(ofRelay.filter(({ place }) => place.url !== victim.url)).toEqual([]);
        expect(ofRelay.length).toBeLessThanOrEqual(CLIENTS);
      } finally {
        await load.end();
      }
      for (const [account, texts] of load.kept) {
        const held = new Set(await allTextsAt(other, account));
        expect(texts.filter((text) => !held.has(text))).toEqual([]);
      }

      await up().up(...scale);
      expect(await up().containersOf('storage')).toHaveLength(3);
      expect(await up().containersOf('relay')).toHaveLength(2);
    },
    TEST_TIMEOUT_MS,
  );
});

interface Relay {
  readonly container: string;
  readonly url: string;
}

async function publishedAt(container: string, port: number): Promise<Relay> {
  const places = (await docker(['port', container, `${port}/tcp`])).split('\n');
  const published = places.find((place) => place.startsWith('0.0.0.0:'))?.split(':')[1];
  if (published === undefined) throw new Error('the relay publishes no port');
  return { container, url: `https://127.0.0.1:${published}` };
}
