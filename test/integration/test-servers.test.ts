import { afterEach, describe, expect, it } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { startNats, startRedis } from '#testing';

describe('the servers that tests start', () => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
  });

  it('keep what Redis acknowledged, through a restart and through a kill', async () => {
    const redis = await startRedis({ config: ['maxmemory 50mb'] });
    stops.push(redis.stop);

    await redis.client.set('first', '1');
    await redis.restart();
    await redis.client.set('second', '2');
    await redis.kill();
    await redis.restart();

    expect(await redis.client.mget('first', 'second')).toEqual(['1', '2']);
  }, 60_000);

  it('give each NATS account its own subjects', async () => {
    const accounts = [
      { user: 'one', password: 'p1' },
      { user: 'two', password: 'p2' },
    ];
    const nats = await startNats({ accounts });
    stops.push(nats.stop);
    const [one, two] = await Promise.all(
      accounts.map(({ user, password: pass }) => connect({ servers: nats.url, user, pass })),
    );
    if (!one || !two) throw new Error('no connections');
    one.subscribe('hello', { callback: (_error, message) => void message.respond('one') });
    await one.flush();

    await expect(two.request('hello', '', { timeout: 1_000 })).rejects.toThrow();
    await expect(connect({ servers: nats.url, reconnect: false })).rejects.toThrow();
    await Promise.all([one.close(), two.close()]);

    await nats.restart();
    await (await connect({ servers: nats.url, user: 'one', pass: 'p1' })).close();
  }, 60_000);
});
