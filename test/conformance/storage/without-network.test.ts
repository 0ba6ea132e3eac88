import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TEXTS } from '#protocol';
import { nodeVector, record, snapshotOf, VectorNetwork } from '../../integration/relay/vector-network.js';
import { post } from '../../integration/relay/https-client.js';
import { networkOf, nodeKey, OWN_SEED, record as member } from '../../integration/storage/fake-swarm.js';
import { StorageUnderTest } from '../../integration/storage/storage-under-test.js';
import { call, INFO } from './calls.js';
import { Owner } from './people.js';

const START_TIMEOUT_MS = 60_000;

describe('a relay whose node is in no swarm', () => {
  let network: VectorNetwork;
  beforeAll(async () => {
    network = await VectorNetwork.start(['entry']);
    await network.publishExactly(snapshotOf([record(nodeVector('middle'), {})]));
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await network.stop();
  });

  it('17 in process: says that it does not serve, and why', async () => {
    const { status, text } = await post(network.relay('entry').httpsPort, '/storage_rpc/v1', JSON.stringify(INFO));
    expect([status, text]).toEqual([503, 'Service node is not ready: not in any swarm\n']);
  });
});

describe('a storage service', () => {
  let service: StorageUnderTest;
  beforeAll(async () => {
    service = await StorageUnderTest.start(OWN_SEED);
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    expect(service.log.faults).toEqual([]);
    await service.stop();
  });
  const ask = ({ method, params }: { method: string; params: object }) => service.call(method, params);
  const nodes = call('oxend_request', { endpoint: 'get_service_nodes' });

  it('228 in process: a question about nodes before anything is known of any fails without a reason', async () => {
    expect(await ask(nodes)).toEqual({ status: 400, body: 'Unknown oxend error' });
  });

  it('227 words only: there is no daemon here whose answer could be unreadable', () => {
    expect(TEXTS.oxend.unparsable).toBe('oxend returned unparsable data');
  });

  it('224 in process: where there are no swarms get_swarm names none', async () => {
    const { nodes: listed, ...rest } = networkOf([member(nodeKey(0x41))]);
    const resting = listed.map((node) => ({ ...node, state: 'decommissioned' as const, swarmId: 2n ** 64n - 1n }));
    await service.publish({ ...rest, nodes: resting });
    const { status, body } = await ask(call('get_swarm', { pubkey: Owner.plain().account }));
    expect(status).toBe(200);
    expect(body).toEqual({
      hf: [19, 4],
      snodes: [],
      swarm: 'ffffffffffffffff',
      t: expect.any(Number) as unknown,
    });
  });
});
