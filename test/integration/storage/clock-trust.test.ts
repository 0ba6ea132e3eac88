import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SharedTime, waitUntil, WrongClock } from '#testing';
import { anOwner, networkOf, OWN_SEED } from './fake-swarm.js';
import { StorageUnderTest } from './storage-under-test.js';

const START_TIMEOUT_MS = 60_000;
const NEWS_TIMEOUT_MS = 10_000;
const MINUTE_MS = 60_000;
const INSTANCE = 'ab'.repeat(16);
const TRUSTED = { isTrusted: true, isRight: true };

/** F8: what has not expired is not removed, whatever our clock says. docs/protocol/membership.md §7.6 */
describe('a storage whose clock was set ten minutes ahead', () => {
  let time: SharedTime;
  let clock: WrongClock;
  let service: StorageUnderTest;
  beforeEach(async () => {
    time = new SharedTime();
    clock = new WrongClock(time);
    service = await StorageUnderTest.start(OWN_SEED, {}, clock);
    await service.publish(networkOf([]));
    const { hex } = anOwner(true);
    const message = { pubkey: hex, namespace: -10, timestamp: clock.now(), ttl: MINUTE_MS, data: 'aGVsbG8=' };
    expect((await service.call('store', message)).status).toBe(200);
  }, START_TIMEOUT_MS);
  afterEach(async () => {
    expect(service.log.faults).toEqual([]);
    await service.stop();
  });
  const freed = async (): Promise<number> =>
    Number(/^storage_purged_total (\d+)$/m.exec(await service.metrics())?.[1] ?? 0);
  const looked = (): Promise<void> =>
    waitUntil('a look at the clock', NEWS_TIMEOUT_MS, () =>
      expect(service.log.lines.map(({ event }) => event)).toContain('clock_was_set'),
    );
  const isFreed = (): Promise<void> =>
    waitUntil('the message is freed', NEWS_TIMEOUT_MS, async () => expect(await freed()).toBe(1));

  it('removes nothing until the clock has been compared anew, and then what has expired', async () => {
    clock.aheadMs = 10 * MINUTE_MS;
    await looked();
    service.tell({ instance: INSTANCE, clock: { ...TRUSTED, judgedAgoMs: MINUTE_MS } }); // of before
    service.tell({ instance: INSTANCE, clock: { ...TRUSTED, judgedAgoMs: null } });
    service.tell({ instance: INSTANCE, clock: { isTrusted: true, isRight: false, judgedAgoMs: 0 } });
    await service.call('info', {}); // answered after those were heard
    expect(await freed()).toBe(0);
    service.tell({ instance: INSTANCE, clock: { ...TRUSTED, judgedAgoMs: 0 } });
    await isFreed();
  });

  it('removes nothing while swarm-manager finds the clock wrong, although time passes', async () => {
    service.tell({ instance: INSTANCE, clock: { isTrusted: false, isRight: false, judgedAgoMs: 0 } });
    await service.call('info', {});
    time.skippedMs = 10 * MINUTE_MS;
    clock.aheadMs = MINUTE_MS;
    await looked();
    expect(await freed()).toBe(0);
    service.tell({ instance: INSTANCE, clock: { ...TRUSTED, judgedAgoMs: 0 } });
    await isFreed();
  });
});
