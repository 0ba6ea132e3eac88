import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AccountId, bencode, noblePrimitives, parseNotification, signingText, type Notification } from '#protocol';
import { SetClock, waitUntil } from '#testing';
import { RelayUnderTest } from '../relay/relay-under-test.js';
import { StreamClient } from '../relay/stream-client.js';
import { anOwner, networkOf, OWN_SEED } from '../storage/fake-swarm.js';
import { aWish, partOf } from '../storage/monitor-wishes.js';
import { StorageUnderTest } from '../storage/storage-under-test.js';

const START_TIMEOUT_MS = 60_000;
const WAIT_MS = 10_000;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const SUCCESS = 'd7:successi1ee';
const BUSY = ['503', 'Server busy, try again later'];
const { pair: OWNER, hex: ACCOUNT } = anOwner(true);
const MINE = AccountId.parse(ACCOUNT);

describe('subscribers at a node of two relays and two storages', () => {
  const storages: StorageUnderTest[] = [];
  const relays: RelayUnderTest[] = [];
  const clients: StreamClient[] = [];
  const clock = new SetClock();

  beforeAll(async () => {
    const first = await StorageUnderTest.start(OWN_SEED);
    storages.push(first, await StorageUnderTest.start(OWN_SEED, {}, undefined, first));
    const [, second] = storages;
    for (const streamLimits of [{ subscriptions: 3 }, { waitingBytes: 1_000_000 }]) {
      const account = { user: 'node', password: 'none is asked for' };
      const env = { RELAY_RPC_PER_SECOND: '0' };
      const options = { seed: OWN_SEED, natsUrl: first.nats.url, account, streamLimits, clock, env };
      const relay = await RelayUnderTest.start(options);
      await relay.node.stopStorage(); // the real ones are here
      relays.push(relay);
    }
    const told = relays.map((relay) => relay.log.nextEvent('membership'));
    const snapshot = networkOf([]);
    await first.publish(snapshot);
    await second?.publish(snapshot);
    await Promise.all(told);
  }, START_TIMEOUT_MS);
  afterEach(async () => {
    for (const client of clients.splice(0)) {
      client.close();
      await client.ended;
    }
    await waitUntil('the subscriptions to be gone', WAIT_MS, async () => {
      for (const relay of relays) expect(await relay.metrics()).toMatch(/^relay_stream_subscriptions 0$/m);
    });
    for (const service of [...storages, ...relays]) expect(service.log.faults).toEqual([]);
  });
  afterAll(async () => {
    for (const relay of relays) await relay.stop();
    for (const storage of storages.reverse()) await storage.stop();
  });

  const open = async (relay: number): Promise<StreamClient> => {
    const client = await StreamClient.open(relays[relay]?.httpsPort ?? 0);
    clients.push(client);
    return client;
  };
  let number = 0;
  /** Stores through one of the relays, and whichever storage comes to it; gives the message's hash. */
  const store = async (client: StreamClient, data: string | Uint8Array, namespace = 0): Promise<string> => {
    const timestamp = Date.now();
    const signature = noblePrimitives.ed25519Sign(signingText.store(namespace, timestamp), OWNER);
    const params = { pubkey: MINE.bytes, namespace, timestamp, ttl: DAY_MS, data, signature };
    const [reply = Buffer.alloc(0)] = await client.ask('storage.store', bencode(params));
    return /4:hash43:(.{43})/.exec(reply.toString('latin1'))?.[1] ?? reply.toString();
  };
  /** A message that ends a wait: what comes before it has come. */
  const marker = async (client: StreamClient): Promise<string> => store(client, `marker ${(number += 1)}`);

  const heardBy = (client: StreamClient): (Notification | null)[] =>
    client.pushed.splice(0).map((push) => {
      expect(push[0]?.toString()).toBe('notify.message');
      return parseNotification(push[1] ?? Buffer.alloc(0));
    });
  const hashesUntil = async (client: StreamClient, last: string): Promise<string[]> => {
    const hashes: string[] = [];
    await waitUntil('the marker', WAIT_MS, () => {
      hashes.push(...heardBy(client).map((each) => each?.hash ?? ''));
      expect(hashes).toContain(last);
    });
    return hashes.slice(0, -1);
  };

  it('256, 260: hear of each new message exactly once, whichever relay and storage it came through', async () => {
    const [one, two] = [await open(0), await open(1)];
    for (const client of [one, two]) {
      expect(await client.texts('monitor.messages', partOf(aWish(MINE, OWNER, [0, 3], true)))).toEqual([SUCCESS]);
    }
    const wanted: string[] = [];
    for (const sender of [one, two, one, two]) wanted.push(await store(sender, `message ${(number += 1)}`));
    const last = await marker(one);
    expect(await hashesUntil(one, last)).toEqual(wanted);
    expect(await hashesUntil(two, last)).toEqual(wanted);
  });

  it('260: are told everything about it, and the data only when they asked for them', async () => {
    const [withData, without] = [await open(0), await open(1)];
    await withData.ask('monitor.messages', partOf(aWish(MINE, OWNER, [7], true)));
    await without.ask('monitor.messages', partOf(aWish(MINE, OWNER, [7])));
    const data = Buffer.from([0, 1, 0xff, 0x65, (number += 1)]);
    const hash = await store(without, data, 7);
    const heard = await Promise.all(
      [withData, without].map((client) =>
        waitUntil('the push', WAIT_MS, () => {
          expect(client.pushed).toHaveLength(1);
          return heardBy(client)[0];
        }),
      ),
    );
    expect(heard[0]).toMatchObject({ namespace: 7, hash, data: new Uint8Array(data) });
    expect(heard[1]).toEqual({ ...heard[0], data: null });
    expect(Buffer.from(heard[0]?.account ?? []).toString('hex')).toBe(ACCOUNT);
    const { timestampMs = 0, expiryMs = 0 } = heard[0] ?? {};
    expect([Math.abs(timestampMs - Date.now()) < MINUTE_MS, expiryMs - timestampMs]).toEqual([true, DAY_MS]);
  });

  it('261, 262: hear nothing of other namespaces, of messages that were held, and of a subscription that was refused', async () => {
    const [watching, refused] = [await open(0), await open(1)];
    await watching.ask('monitor.messages', partOf(aWish(MINE, OWNER, [0])));
    const [reply] = await refused.texts('monitor.messages', partOf(aWish(MINE, OWNER, [0], false, { d: 1 })));
    expect(reply).toBe('d7:errcodei5e5:error29:Signature verification failede');
    const held = await store(refused, `twice ${(number += 1)}`);
    await store(watching, `twice ${number}`);
    await store(watching, 'elsewhere', 123);
    expect(await hashesUntil(watching, await marker(refused))).toEqual([held]);
    expect(refused.pushed).toEqual([]);
  });

  it('268: hear for 65 minutes from the last renewal, which adds namespaces and data and takes nothing away', async () => {
    const [client, sender] = [await open(0), await open(1)];
    await client.ask('monitor.messages', partOf(aWish(MINE, OWNER, [0])));
    clock.ms += 64 * MINUTE_MS;
    await client.ask('monitor.messages', partOf(aWish(MINE, OWNER, [3], true)));
    clock.ms += 64 * MINUTE_MS;
    await store(sender, `still ${(number += 1)}`);
    await store(sender, `still ${number}`, 3);
    await waitUntil('both', WAIT_MS, () => expect(client.pushed).toHaveLength(2));
    expect(heardBy(client).map((each) => [each?.namespace, each?.data !== null])).toEqual([
      [0, true],
      [3, true],
    ]);

    clock.ms += 2 * MINUTE_MS;
    const late = await open(1);
    await late.ask('monitor.messages', partOf(aWish(MINE, OWNER, [0])));
    await hashesUntil(late, await marker(sender));
    await client.ask('storage.info'); // whatever was pushed to it would have come before
    expect(client.pushed).toEqual([]);
  });

  it('259, 267: are answered in the form in which they asked', async () => {
    const client = await open(0);
    const wish = aWish(MINE, OWNER, [0]);
    expect(await client.texts('monitor.messages', bencode([wish, wish]))).toEqual([`l${SUCCESS}${SUCCESS}e`]);
    const onePart =
      'd7:errcodei1e5:error81:Invalid arguments: monitor request takes a single bencoded dict or list parametere';
    expect(await client.texts('monitor.messages', 'hello')).toEqual([onePart]);
    expect(await client.texts('monitor.messages')).toEqual([onePart]);
    expect(await client.texts('monitor.messages', partOf(wish), partOf(wish))).toEqual([onePart]);
    client.send('monitor.messages');
    expect(await client.nextPushText()).toEqual(['NO_REPLY_TAG', 'monitor.messages']);
    client.pushed.length = 0;
  });

  it('have a bounded number of subscriptions each', async () => {
    const client = await open(0);
    const owners = Array.from({ length: 5 }, (_unused, index) => anOwner(true, index));
    const wishes = owners.map(({ hex, pair }) => aWish(AccountId.parse(hex), pair, [0]));
    expect(await client.texts('monitor.messages', bencode(wishes))).toEqual(BUSY);
    expect(await client.texts('monitor.messages', bencode(wishes.slice(0, 3)))).toEqual([`l${SUCCESS.repeat(3)}e`]);
    expect(await client.texts('monitor.messages', bencode(wishes.slice(0, 3)))).toEqual([`l${SUCCESS.repeat(3)}e`]);
    expect(await client.texts('monitor.messages', bencode(wishes.slice(3, 4)))).toEqual(BUSY);
  });

  it('who do not read are cut off, and the others go on hearing', async () => {
    const [deaf, other, sender] = [await open(1), await open(1), await open(0)];
    for (const client of [deaf, other]) await client.ask('monitor.messages', partOf(aWish(MINE, OWNER, [0], true)));
    deaf.socket.pause();
    let sent = 0;
    await waitUntil('the end of the deaf one', 4 * WAIT_MS, async () => {
      for (let times = 0; times < 20; times++)
        await store(sender, Buffer.alloc(76_000, `${(sent += 1)} ${(number += 1)},`));
      expect(await relays[1]?.metrics()).toMatch(/^relay_stream_endings_total\{reason="slow_reader"\} 1$/m);
    });
    expect(await hashesUntil(other, await marker(sender))).toHaveLength(sent);
    deaf.socket.resume();
    expect((await deaf.ended).code).toBe(1006);
  }, 60_000);

  it('are counted, and nobody is named', async () => {
    const client = await open(0);
    await client.ask('monitor.messages', partOf(aWish(MINE, OWNER, [0])));
    const hash = await marker(client);
    await waitUntil('the push', WAIT_MS, () => expect(client.pushed).toHaveLength(1));
    const [relay] = relays;
    const text = (await relay?.metrics()) ?? '';
    expect(text).toMatch(/^relay_stream_subscriptions 1$/m);
    expect(text).toMatch(/^relay_stream_pushes_total\{outcome="sent"\} [1-9]/m);
    const told = text + JSON.stringify([...relays, ...storages].flatMap(({ log }) => log.lines));
    for (const name of [ACCOUNT.slice(2), hash, '127.0.0.1']) expect(told).not.toContain(name);
    client.pushed.length = 0;
  });
});
