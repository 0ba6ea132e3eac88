import { describe, expect, it, jest } from '@jest/globals';
import { FakeSessionNetwork } from '../../../../test/fakes/session-network.js';
import { assembleClient } from '../wiring.js';
import type { ClientParts } from '../wiring.js';
import { SeedUnreachable } from './network-errors.js';
import type { TraceEvent } from './trace.js';

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const LIFE_MS = 7_200_000;

interface World extends ClientParts {
  readonly network: FakeSessionNetwork;
  readonly time: { ms: number };
  readonly listed: () => (string | number)[][];
}

async function world(count: number): Promise<World> {
  const time = { ms: 1_700_000_000_000 };
  const network = new FakeSessionNetwork({ nodes: count, now: () => time.ms });
  const trace: TraceEvent[] = [];
  const clock = { now: () => time.ms, monotonicMs: () => time.ms };
  const pause = () => Promise.resolve();
  const onTrace = (event: TraceEvent) => trace.push(event);
  const { seedUrl, post } = network;
  const parts = assembleClient({ seedUrl, random, clock, singleHost: true, pause, onTrace }, post);
  await parts.source.fromSeed();
  const listed = () => trace.flatMap((event) => (event.kind === 'nodes-listed' ? [[event.source, event.count]] : []));
  return { ...parts, network, time, listed };
}

describe('the list of nodes', () => {
  it('is renewed from three nodes when it is old, not before', async () => {
    const { source, rpc, time, listed, network } = await world(6);
    await source.renew(rpc);
    expect(listed()).toEqual([['seed', 6]]);
    time.ms += LIFE_MS;
    await source.renew(rpc);
    await source.renew(rpc);
    expect(listed()).toEqual([
      ['seed', 6],
      ['nodes', 6],
    ]);
    expect(network.seedRequests).toBe(1);
  });

  it('holds only nodes on which all three agree', async () => {
    const { source, rpc, time, pool, network } = await world(6);
    for (const node of network.nodes) {
      const without = network.states().filter(({ pubkey_ed25519: id }) => id !== node.key.id);
      node.override = (method) =>
        method === 'oxend_request'
          ? { status: 200, body: { t: time.ms, result: { service_node_states: without } } }
          : undefined;
    }
    time.ms += LIFE_MS;
    await source.renew(rpc);
    expect(pool.size).toBe(3);
  });

  it('comes from the seed again when the nodes agree on too little', async () => {
    const { source, rpc, time, listed, network } = await world(6);
    const empty = { status: 200, body: { t: time.ms, result: { service_node_states: [] } } };
    for (const node of network.nodes) node.override = (method) => (method === 'oxend_request' ? empty : undefined);
    time.ms += LIFE_MS;
    await source.renew(rpc);
    expect(listed()).toEqual([
      ['seed', 6],
      ['seed', 6],
    ]);
  });

  it('stays when it cannot be renewed, and the next try waits a minute', async () => {
    const { source, rpc, time, pool, network } = await world(6);
    network.seedOverride = () => new Error('gone');
    for (const node of network.nodes) node.fault = 'down';
    time.ms += LIFE_MS;
    await source.renew(rpc);
    expect(pool.size).toBe(6);
    const asked = network.requests.length;
    await source.renew(rpc);
    expect(network.requests).toHaveLength(asked);
    await expect(source.fromSeed()).rejects.toThrow(SeedUnreachable);
  });

  it('is asked for in need at most every ten seconds', async () => {
    const { source, time, network, pool } = await world(4);
    const forgive = jest.spyOn(pool, 'forgiveAll');
    await source.rescue();
    await source.rescue();
    expect(network.seedRequests).toBe(2);
    time.ms += 10_000;
    await source.rescue();
    expect(network.seedRequests).toBe(3);
    expect(forgive).toHaveBeenCalledTimes(3);
  });
});
