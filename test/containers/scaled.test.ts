import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { waitUntil } from '#testing';
import { Client } from 'undici';
import { Checkout } from './checkout.js';
import { Composition } from './composition.js';
import { describeWithEngine, docker, TEST_TIMEOUT_MS } from './engine.js';
import { allTextsAt, Load } from './load.js';

const CLIENTS = 8;
const MORE = 200;
const PROGRESS_TIMEOUT_MS = 60_000;

/** Three storages share Redis and the requests; two relays share the clients of one port, which the door has. */
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
    node = await Composition.create(checkout.dir, { RELAY_RPC_PER_SECOND: '0' }); // all clients here have one address
    await node.up(...scale);
  }, TEST_TIMEOUT_MS);
  afterAll(async () => {
    await node?.remove();
    await checkout.remove();
  }, TEST_TIMEOUT_MS);

  /** Clients that store without a pause at the one address of the node; `steps` is what happens to it meanwhile. */
  async function underLoad(
    steps: (load: Load, progress: () => Promise<void>) => Promise<void>,
  ): Promise<readonly string[]> {
    const load = new Load([up()], CLIENTS);
    const progress = async (): Promise<void> => {
      const before = load.count;
      await waitUntil('more messages', PROGRESS_TIMEOUT_MS, () => expect(load.count).toBeGreaterThan(before + MORE));
    };
    try {
      await progress();
      expect(load.failures).toEqual([]);
      await steps(load, progress);
    } finally {
      await load.end();
    }
    const lost: string[] = [];
    for (const [account, texts] of load.kept) {
      const held = new Set(await allTextsAt(up(), account));
      lost.push(...texts.filter((text) => !held.has(text)));
    }
    return lost;
  }

  /** One request on each of so many connections that are open at the same time. */
  async function newConnections(count: number): Promise<void> {
    const connect = { rejectUnauthorized: false };
    const clients = Array.from({ length: count }, () => new Client(up().url, { connect }));
    const body = '{"method":"info","params":{}}';
    const answers = clients.map((client) => client.request({ method: 'POST', path: '/storage_rpc/v1', body }));
    const statuses = await Promise.all(answers.map(async (answer) => (await answer).statusCode));
    expect(statuses).toEqual(Array<number>(count).fill(200));
    await Promise.all(clients.map((client) => client.destroy()));
  }

  /** What the relays answered so far, one number for each. */
  const answered = async (): Promise<number[]> =>
    Promise.all(
      (await up().containersOf('relay')).map(async (id) => {
        const script = "fetch('http://127.0.0.1:9101/metrics').then(async (r) => console.log(await r.text()))";
        const text = await docker(['exec', id, 'node', '-e', script]);
        return Number(/^relay_rpc_total\{source="client",status="2xx"\} (\d+)$/m.exec(text)?.[1]);
      }),
    );

  it(
    'fails no request of clients when one relay is stopped under load, and uses the one that comes back',
    async () => {
      const lost = await underLoad(async (load, progress) => {
        for (const count of await answered()) expect(count).toBeGreaterThan(0);
        const [relay = ''] = await up().containersOf('relay');
        await docker(['stop', relay]);
        await progress();
        await up().up(...scale);
        expect((await up().containersOf('relay')).length).toBe(2);
        await progress();
        expect(load.failures).toEqual([]);
      });
      expect(lost).toEqual([]);
      await newConnections(4); // those that are kept stay with the other relay
      for (const count of await answered()) expect(count).toBeGreaterThan(0);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'loses no acknowledged message, and no more than what is under way, when one of each is killed under load',
    async () => {
      const lost = await underLoad(async (load, progress) => {
        const [storage = ''] = await up().containersOf('storage');
        await docker(['kill', storage]);
        await progress();
        const afterStorage = load.failures.length;
        expect(afterStorage).toBeLessThanOrEqual(CLIENTS);

        const [relay = ''] = await up().containersOf('relay');
        await docker(['kill', relay]);
        await progress();
        const afterRelay = load.failures.length;
        expect(afterRelay - afterStorage).toBeLessThanOrEqual(CLIENTS);
        await progress();
        expect(load.failures.length).toBe(afterRelay);
      });
      expect(lost).toEqual([]);

      await up().up(...scale);
      expect(await up().containersOf('storage')).toHaveLength(3);
      expect(await up().containersOf('relay')).toHaveLength(2);
    },
    TEST_TIMEOUT_MS,
  );
});
