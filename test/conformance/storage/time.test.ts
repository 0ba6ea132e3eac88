import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MovedClock, waitUntil } from '#testing';
import { networkOf, OWN_SEED } from '../../integration/storage/fake-swarm.js';
import { StorageUnderTest } from '../../integration/storage/storage-under-test.js';
import { retrieve, revoke, signedStore, store, type Call } from './calls.js';
import { MAY, Owner } from './people.js';

const START_TIMEOUT_MS = 60_000;
const PURGE_TIMEOUT_MS = 20_000;
/** The shortest life that a message can have. */
const TTL_MS = 10_000;
const SHORT = { ttl: TTL_MS };
const GROUP_SPACE = { namespace: 42 };

/** The same as over the network, but that the time passes which the requests of the other tests leap over. */
describe('messages and revocations as time passes', () => {
  const clock = new MovedClock();
  let service: StorageUnderTest;
  beforeAll(async () => {
    service = await StorageUnderTest.start(OWN_SEED, {}, clock);
    await service.publish(networkOf([]));
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    expect(service.log.faults).toEqual([]);
    await service.stop();
  });

  const ask = ({ method, params }: Call): Promise<{ status: number; body: unknown }> => service.call(method, params);
  const now = (): { timestamp: number } => ({ timestamp: clock.now() });
  const held = async (owner: Owner): Promise<number> => {
    const { body } = await ask(retrieve(owner, now()));
    return (body as { messages: unknown[] }).messages.length;
  };
  const freed = async (): Promise<number> =>
    Number(/^storage_purged_total (\d+)$/m.exec(await service.metrics())?.[1] ?? 0);

  it('143 in process: a message is gone when its time is over, freed or not', async () => {
    const owner = Owner.plain();
    await ask(store(owner, 'short', { ...SHORT, ...now() }));
    await ask(store(owner, 'long', now()));
    expect(await held(owner)).toBe(2);
    clock.aheadMs += TTL_MS + 11_000;
    expect(await held(owner)).toBe(1);
    await waitUntil('the message is freed', PURGE_TIMEOUT_MS, async () => expect(await freed()).toBe(1));
    expect(await held(owner)).toBe(1);
  });

  it('218 in process: a token stays revoked when the last message has expired and was freed (Q-06)', async () => {
    const group = Owner.plain('03');
    const member = group.delegate(MAY.read | MAY.write);
    const before = await freed();
    await ask(signedStore(group, 'the last', { ...GROUP_SPACE, ...SHORT, ...now() }));
    expect((await ask(retrieve(member, { ...GROUP_SPACE, ...now() }))).status).toBe(200);
    expect((await ask(revoke(group, [member.token], clock.now()))).status).toBe(200);
    clock.aheadMs += TTL_MS + 11_000;
    await waitUntil('the message is freed', PURGE_TIMEOUT_MS, async () => expect(await freed()).toBe(before + 1));
    await ask(signedStore(group, 'again', { ...GROUP_SPACE, ...now() }));
    expect(await ask(retrieve(member, { ...GROUP_SPACE, ...now() }))).toEqual({
      status: 401,
      body: 'retrieve signature verification failed',
    });
  });
});
