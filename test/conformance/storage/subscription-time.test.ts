import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bencode } from '#protocol';
import { MovedClock } from '#testing';
import { RelayUnderTest } from '../../integration/relay/relay-under-test.js';
import { networkOf, OWN_SEED } from '../../integration/storage/fake-swarm.js';
import { StorageUnderTest } from '../../integration/storage/storage-under-test.js';
import { MINUTE_MS, store, type Call } from './calls.js';
import { hashOf } from './oracle.js';
import { Owner } from './people.js';
import { closeStreams, StreamClient } from './stream-client.js';
import { subscription, SUCCESS } from './wishes.js';

const START_TIMEOUT_MS = 60_000;

/** Relay and storage as they are, on one bus; the relay's time is the test's. */
describe('a subscription as time passes', () => {
  const clock = new MovedClock();
  let storage: StorageUnderTest;
  let relay: RelayUnderTest;
  const clients: StreamClient[] = [];
  beforeAll(async () => {
    storage = await StorageUnderTest.start(OWN_SEED);
    relay = await RelayUnderTest.start({
      seed: OWN_SEED,
      natsUrl: storage.nats.url,
      account: { user: 'node', password: 'none is asked for' },
      clock,
      streamLimits: { checkMs: 60 * MINUTE_MS }, // the silence of an hour that nobody waited for is none
    });
    await relay.node.stopStorage(); // the real one is here
    const told = relay.log.nextEvent('membership');
    await storage.publish(networkOf([]));
    await told;
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    for (const client of clients) client.close();
    await closeStreams();
    await relay.stop();
    await storage.stop();
  });

  async function subscriber(owner: Owner): Promise<StreamClient> {
    const client = await StreamClient.open(relay.httpsPort);
    clients.push(client);
    expect(String(await client.request('monitor.messages', bencode(subscription(owner))))).toBe(SUCCESS);
    return client;
  }
  const ask = async ({ method, params }: Call): Promise<number> => (await storage.call(method, params)).status;
  const pushed = async (client: StreamClient): Promise<string> => String((await client.nextPush())[1]);

  it('268 in process: nothing is pushed after 66 minutes without renewal', async () => {
    const owner = Owner.plain();
    const forgetful = await subscriber(owner);
    clock.aheadMs += 64 * MINUTE_MS;
    expect(await ask(store(owner, 'in time'))).toBe(200);
    expect(await pushed(forgetful)).toContain(hashOf(owner.account, 0, 'in time'));

    clock.aheadMs += 2 * MINUTE_MS;
    const other = await subscriber(owner);
    expect(await ask(store(owner, 'too late'))).toBe(200);
    expect(await pushed(other)).toContain(hashOf(owner.account, 0, 'too late'));
    expect(await forgetful.request('storage.info')).toHaveLength(1); // a push would have come before
    expect(forgetful.waitingPushes).toBe(0);
    expect([...relay.log.faults, ...storage.log.faults]).toEqual([]);
  });
});
