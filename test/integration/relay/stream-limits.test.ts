import { afterEach, describe, expect, it } from '@jest/globals';
import { SetClock, waitUntil } from '#testing';
import type { StreamLimits } from '../../../apps/relay/src/stream/stream-limits.js';
import { answer, INFO_REPLY } from './node-stub.js';
import type { RelayOptions } from './relay-under-test.js';
import { StreamClient } from './stream-client.js';
import { nodeVector, record, VectorNetwork } from './vector-network.js';

const WAIT_MS = 10_000;
const TEST_MS = 30_000;
const BUSY = ['503', 'Server busy, try again later'];
/** So that a test sees what the look-over does at once. */
const CHECK_MS = 10;

describe('streams of a relay', () => {
  let network: VectorNetwork | undefined;
  afterEach(async () => {
    expect(network?.faults() ?? []).toEqual([]);
    await network?.stop();
    network = undefined;
  });

  const relay = () => {
    if (network === undefined) throw new Error('not started');
    return network.relay('entry');
  };
  async function start(streamLimits: Partial<StreamLimits>, options: Partial<RelayOptions> = {}): Promise<void> {
    network = await VectorNetwork.start(['entry'], () => ({ streamLimits, ...options }));
    await network.publish([record(nodeVector('middle'), {})]);
  }
  const open = (autoPong = true): Promise<StreamClient> => StreamClient.open(relay().httpsPort, autoPong);

  /** Storage that answers only when it is told to. */
  function holdStorage(): { readonly calls: () => number; readonly release: () => void } {
    const held: (() => void)[] = [];
    relay().node.answerer = () => new Promise((reply) => held.push(() => reply(answer(200, 'json', INFO_REPLY))));
    return { calls: () => held.length, release: () => held.splice(0).forEach((go) => go()) };
  }
  const ended = (reason: string, times: number): Promise<void> =>
    waitUntil(`an ending for ${reason}`, WAIT_MS, async () => {
      expect(await relay().metrics()).toMatch(
        new RegExp(`^relay_stream_endings_total{reason="${reason}"} ${times}$`, 'm'),
      );
    });

  it(
    'are as many as there may be; the next one is told so, and has a place when another has left',
    async () => {
      await start({ connections: 2 });
      const [first, second] = [await open(), await open()];
      await expect(open()).rejects.toThrow('503');
      first.close();
      await first.ended;
      const third = await waitUntil('a place', WAIT_MS, () => open());
      expect(await third.texts('storage.info')).toEqual([INFO_REPLY]);
      expect(await second.texts('storage.info')).toEqual([INFO_REPLY]);
    },
    TEST_MS,
  );

  it(
    'wait for a number of answers, and say that they are busy beyond it',
    async () => {
      await start({ unanswered: 2 });
      const storage = holdStorage();
      const client = await open();
      const waiting = [client.texts('storage.info'), client.texts('storage.info')];
      expect(await client.texts('storage.info')).toEqual(BUSY);
      await waitUntil('both calls', WAIT_MS, () => expect(storage.calls()).toBe(2));
      storage.release();
      expect(await Promise.all(waiting)).toEqual([[INFO_REPLY], [INFO_REPLY]]);
    },
    TEST_MS,
  );

  it(
    'share the places of the process with everything else',
    async () => {
      await start({}, { limits: { requests: 1 } });
      const storage = holdStorage();
      const [one, other] = [await open(), await open()];
      const waiting = one.texts('storage.info');
      await waitUntil('the call', WAIT_MS, () => expect(storage.calls()).toBe(1));
      expect(await other.texts('storage.info')).toEqual(BUSY);
      storage.release();
      expect(await waiting).toEqual([INFO_REPLY]);
    },
    TEST_MS,
  );

  it(
    'count the requests of an address over all its connections, and tell who made too many',
    async () => {
      const clock = new SetClock();
      await start({}, { clock, env: { RELAY_RPC_PER_SECOND: '1' } }); // two at once
      const [client, neighbour] = [await open(), await open()];
      expect(await client.texts('storage.info')).toEqual([INFO_REPLY]);
      expect(await neighbour.texts('storage.info')).toEqual([INFO_REPLY]);
      const tooMany = ['429', 'Too many requests, try again later'];
      expect(await client.texts('storage.info')).toEqual(tooMany);
      expect(await neighbour.texts('storage.info')).toEqual(tooMany);
      clock.ms += 1_000;
      expect(await client.texts('storage.info')).toEqual([INFO_REPLY]);
      expect(await relay().metrics()).toMatch(/^relay_refusals_total\{reason="rate"\} 2$/m);
    },
    TEST_MS,
  );

  it(
    'hold no more bytes of messages than the process may',
    async () => {
      await start({}, { limits: { bodyBytes: 100_000 } });
      const client = await open();
      client.send('storage.info', 't', Buffer.alloc(200_000));
      expect((await client.ended).code).toBe(1006);
      await ended('no_room', 1);
      const next = await open();
      expect(await next.texts('storage.info', Buffer.alloc(50_000, ' '))).toEqual([INFO_REPLY]);
      expect(await relay().metrics()).toMatch(/^relay_body_bytes_held 0$/m);
    },
    TEST_MS,
  );

  it(
    'cut off a client that does not read, and no other',
    async () => {
      await start({ waitingBytes: 1_000_000 });
      const page = 'x'.repeat(900_000);
      relay().node.answerer = () => answer(200, 'text', page);
      const [deaf, other] = [await open(), await open()];
      deaf.socket.pause();
      for (let number = 0; number < 40; number++) deaf.send('storage.info', `${number}`);
      await ended('slow_reader', 1);
      expect(await other.texts('storage.info')).toEqual([page]);
      deaf.socket.resume();
      expect((await deaf.ended).code).toBe(1006);
      expect(await relay().metrics()).toMatch(/^relay_stream_waiting_bytes 0$/m);
    },
    TEST_MS,
  );

  it(
    'take no requests while too much waits for all of them together',
    async () => {
      await start({ allWaitingBytes: 5_000_000, waitingBytes: 100_000_000, fairBytes: 100_000_000 });
      const page = 'x'.repeat(900_000);
      relay().node.answerer = () => answer(200, 'text', page);
      const [deaf, other] = [await open(), await open()];
      deaf.socket.pause();
      for (let number = 0; number < 30; number++) deaf.send('storage.info', `${number}`);
      await waitUntil('a backlog', WAIT_MS, async () => {
        expect(Number(/^relay_stream_waiting_bytes (\d+)$/m.exec(await relay().metrics())?.[1])).toBeGreaterThan(
          5_000_000,
        );
      });
      expect(await other.texts('storage.info')).toEqual(BUSY);
      deaf.socket.resume();
      await waitUntil('its end', WAIT_MS, async () => expect(await other.texts('storage.info')).toEqual([page]));
    },
    TEST_MS,
  );

  it(
    'cut off a client that is silent, and keep one that answers pings',
    async () => {
      const clock = new SetClock();
      await start({ checkMs: CHECK_MS, pingMs: 1_000, silenceMs: 3_000, idleMs: 1_000_000 }, { clock });
      const [dead, living] = [await open(false), await open()];
      for (let time = 0; time < 2; time++) {
        const pings = [dead, living].map(({ socket }) => new Promise((resolve) => socket.once('ping', resolve)));
        clock.ms += 1_001;
        await Promise.all(pings);
        await living.texts('storage.info'); // its pong came before
      }
      clock.ms += 1_001;
      await ended('silent', 1);
      expect((await dead.ended).code).toBe(1006);
      expect(await living.texts('storage.info')).toEqual([INFO_REPLY]);
    },
    TEST_MS,
  );

  it(
    'cut off a client whose message does not come to an end',
    async () => {
      const clock = new SetClock();
      await start({ checkMs: CHECK_MS, messageMs: 1_000 }, { clock });
      const [slow, other] = [await open(), await open()];
      slow.socket.send('l12:storage.', { fin: false });
      await waitUntil('its bytes', WAIT_MS, async () => {
        expect(await relay().metrics()).not.toMatch(/^relay_body_bytes_held 0$/m);
      });
      clock.ms += 1_001;
      expect((await slow.ended).code).toBe(1006);
      await ended('slow_message', 1);
      expect(await other.texts('storage.info')).toEqual([INFO_REPLY]);
      expect(await relay().metrics()).toMatch(/^relay_body_bytes_held 0$/m);
    },
    TEST_MS,
  );

  it(
    'end a connection that nobody uses',
    async () => {
      const clock = new SetClock();
      await start({ checkMs: CHECK_MS, idleMs: 1_000, pingMs: 5_000, silenceMs: 10_000 }, { clock });
      const client = await open();
      clock.ms += 1_001;
      expect(await client.ended).toEqual({ code: 1001, reason: 'idle' });
      await ended('idle', 1);
    },
    TEST_MS,
  );

  it(
    'end with the service: what runs is answered, then each is told, and nobody new is let in',
    async () => {
      await start({});
      const storage = holdStorage();
      const [busy, quiet] = [await open(), await open()];
      const waiting = busy.texts('storage.info');
      await waitUntil('the call', WAIT_MS, () => expect(storage.calls()).toBe(1));
      const port = relay().httpsPort;
      const stopped = network?.stop();
      network = undefined;
      expect(await quiet.ended).toEqual({ code: 1001, reason: 'shutting down' });
      await expect(StreamClient.open(port)).rejects.toThrow('ECONNREFUSED');
      storage.release();
      expect(await waiting).toEqual([INFO_REPLY]);
      expect(await busy.ended).toEqual({ code: 1001, reason: 'shutting down' });
      await stopped;
    },
    TEST_MS,
  );
});
