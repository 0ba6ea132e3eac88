import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import {
  BusFault,
  BusTimeout,
  BusUnavailable,
  PART_BYTES,
  RetainedFeed,
  ServiceUnreachable,
  type Bus,
  type BusParts,
} from '#platform';
import { startNats, waitUntil, type TestNats } from '#testing';
import { BusServer } from '../../../libs/platform/src/bus/bus-server.js';
import { NatsBus } from '../../../libs/platform/src/bus/nats-bus.js';
import { connectNats } from '../../../libs/platform/src/bus/nats-connection.js';
import { PassFaultsOn } from '../../../libs/platform/src/bus/pass-faults-on.js';
import { MemoryLog } from '../memory-log.js';

const START_TIMEOUT_MS = 60_000;
const TIMEOUT_MS = 10_000;
const RECOVERY_TIMEOUT_MS = 15_000;
const MAX_CALLS = 2;

/** Calls that wait until a test lets them go on. */
const held: (() => void)[] = [];

/** Told of every reply in parts that has ended. */
const finished: (() => void)[] = [];

@Controller()
class Subjects {
  @MessagePattern('test.echo')
  echo(@Payload() data: Uint8Array): Uint8Array {
    return data;
  }

  @MessagePattern('test.fault')
  fault(): Uint8Array {
    throw new Error('secret words');
  }

  /** As many parts as the request has bytes, each filled with its number; a byte 9 is one that cannot be written. */
  @MessagePattern('test.parts')
  parts(@Payload() data: Uint8Array): BusParts {
    const asked = [...data];
    return {
      bytes: asked.length * PART_BYTES,
      next: () => {
        const value = asked.shift() ?? 0;
        if (value === 9) throw new Error('secret words');
        return Buffer.alloc(PART_BYTES, value);
      },
      done: () => {
        finished.forEach((tell) => tell());
      },
    };
  }

  @MessagePattern('test.held')
  held(@Payload() data: Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve) => held.push(() => resolve(data)));
  }
}

describe('the bus', () => {
  let nats: TestNats;
  let connections: NatsConnection[];
  let bus: Bus;
  let stop: () => Promise<void>;
  const log = new MemoryLog();
  const states: boolean[] = [];
  const registry = new Registry();

  beforeAll(async () => {
    nats = await startNats();
    connections = await Promise.all(
      ['server', 'client'].map((name) => connectNats({ url: nats.url, name, prefix: 'TEST_' })),
    );
    const [server, client] = connections as [NatsConnection, NatsConnection];
    const module = await Test.createTestingModule({ controllers: [Subjects] }).compile();
    const strategy = new BusServer(server, { queueGroup: 'test', log, registry, maxCalls: MAX_CALLS });
    const app = module.createNestMicroservice({ strategy, logger: false });
    app.useGlobalFilters(new PassFaultsOn());
    await app.listen();
    bus = new NatsBus(client, log, (isConnected) => states.push(isConnected));
    stop = () => app.close();
  }, START_TIMEOUT_MS);
  afterEach(() => {
    for (const answer of held.splice(0)) answer();
  });
  afterAll(async () => {
    await stop();
    await Promise.all(connections.map((connection) => connection.close()));
    await nats.stop();
  });

  const ask = (subject: string, text = '', timeoutMs = TIMEOUT_MS): Promise<string> =>
    bus.request(subject, Buffer.from(text), { timeoutMs }).then((data) => Buffer.from(data).toString());

  it('brings bytes there and back, eight megabytes of them too', async () => {
    expect(await ask('test.echo', 'hello')).toBe('hello');
    const page = Buffer.alloc(8 * 1024 * 1024, 5);
    expect(page.equals(await bus.request('test.echo', page, { timeoutMs: TIMEOUT_MS }))).toBe(true);
  });

  it('brings a reply that is written while it is sent', async () => {
    const ended = new Promise<void>((resolve) => finished.push(resolve));
    const reply = await bus.request('test.parts', Uint8Array.of(1, 2, 3), { timeoutMs: TIMEOUT_MS });
    const expected = Buffer.concat([1, 2, 3].map((value) => Buffer.alloc(PART_BYTES, value)));
    expect(expected.equals(reply)).toBe(true);
    await ended;
  });

  it('tells at once of such a reply that cannot be written to its end, or begun', async () => {
    const before = log.lines.length;
    for (const parts of [Uint8Array.of(1, 2, 9), Uint8Array.of(9)]) {
      await expect(bus.request('test.parts', parts, { timeoutMs: TIMEOUT_MS })).rejects.toThrow(BusFault);
    }
    expect(log.lines.splice(before)).toMatchObject([{ level: 'error' }, { level: 'error' }]);
  });

  it('gives up such a reply that nobody takes any more', async () => {
    const ended = new Promise<void>((resolve) => finished.push(resolve));
    await connections[1]?.request('test.parts', Uint8Array.of(1, 2), { timeout: TIMEOUT_MS });
    await ended;
  });

  it('tells a handler that fails from silence and from nobody', async () => {
    await expect(ask('test.fault')).rejects.toBeInstanceOf(BusFault);
    await expect(ask('test.held', '', 100)).rejects.toBeInstanceOf(BusTimeout);
    await expect(ask('test.nobody')).rejects.toBeInstanceOf(BusUnavailable);
    const faults = log.lines.filter(({ event }) => event === 'bus_handler_failed');
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ level: 'error', fields: { method: 'test.fault', name: 'Error' } });
    expect(JSON.stringify(log.lines)).not.toContain('secret words');
  });

  it('says at once that a service has its hands full', async () => {
    const running = Array.from({ length: MAX_CALLS }, () => ask('test.held', 'done'));
    await waitUntil('the calls', TIMEOUT_MS, () => expect(held).toHaveLength(MAX_CALLS));
    await expect(ask('test.echo')).rejects.toThrow('busy');
    expect(await registry.metrics()).toMatch(/^bus_places_taken_ratio 1$/m);
    for (const answer of held.splice(0)) answer();
    expect(await Promise.all(running)).toEqual(['done', 'done']);
    expect(await registry.metrics()).toMatch(/^bus_calls_total\{outcome="busy"\} 1$/m);
    await waitUntil('free places', TIMEOUT_MS, async () =>
      expect(await registry.metrics()).toMatch(/^bus_places_taken_ratio 0$/m),
    );
  });

  it(
    'keeps the newest value for those who come late, and after NATS was away',
    async () => {
      let current = 'one';
      const [server] = connections as [NatsConnection];
      server.subscribe('test.current', { callback: (_problem, message) => void message.respond(Buffer.from(current)) });
      await server.flush();
      const options = { subject: 'test.news', currentSubject: 'test.current', log, retryMs: 50 };
      const feed = new RetainedFeed(bus, {
        ...options,
        decode: (bytes) => {
          const text = Buffer.from(bytes).toString();
          if (text === 'nonsense') throw new Error('unreadable');
          return text;
        },
      });
      const heard: string[] = [];
      feed.onChange((value) => heard.push(value));
      feed.start();
      const isCurrent = (value: string): Promise<void> =>
        waitUntil(value, RECOVERY_TIMEOUT_MS, () => expect(feed.current).toBe(value));
      await feed.first(RECOVERY_TIMEOUT_MS);
      expect(feed.current).toBe('one');
      server.publish('test.news', 'two');
      await isCurrent('two');
      server.publish('test.news', 'nonsense');
      server.publish('test.news', 'three');
      await isCurrent('three');

      current = 'said while nobody could hear';
      await nats.restart();
      await isCurrent(current);
      expect(heard).toEqual(['one', 'two', 'three', current]);
      feed.stop();
    },
    START_TIMEOUT_MS,
  );

  it(
    'fails what it has in hand when NATS goes, and works again when NATS is back',
    async () => {
      await waitUntil('the bus', RECOVERY_TIMEOUT_MS, () => ask('test.echo'));
      states.splice(0);
      const inHand = ask('test.held', '', 60_000);
      const outcome = inHand.catch((cause: unknown) => cause);
      await waitUntil('the call', TIMEOUT_MS, () => expect(held).toHaveLength(1));
      await nats.kill();
      expect(await outcome).toBeInstanceOf(BusUnavailable);
      await expect(ask('test.echo')).rejects.toThrow('not connected');
      expect(bus.connected).toBe(false);

      await nats.restart();
      expect(await waitUntil('the bus', RECOVERY_TIMEOUT_MS, () => ask('test.echo', 'again'))).toBe('again');
      expect(states).toEqual([false, true]);
    },
    START_TIMEOUT_MS,
  );
});

describe('a NATS that cannot be used', () => {
  const reasonFor = async (settings: Partial<Parameters<typeof connectNats>[0]>): Promise<unknown> =>
    connectNats({ url: 'nats://127.0.0.1:1', name: 'test', prefix: 'TEST_', patienceMs: 100, ...settings }).catch(
      (cause: unknown) => cause,
    );

  it(
    'is told in a sentence that names the setting and no secret',
    async () => {
      const accounts = [{ user: 'one', password: 'right' }];
      const [guarded, small] = await Promise.all([startNats({ accounts }), startNats({ maxPayload: '1MB' })]);
      // The reason in brackets is the system's; service-start.test.ts looks at it.
      expect(await reasonFor({ url: 'nats://one:secret@127.0.0.1:1' })).toMatchObject({
        message: expect.stringMatching(
          /^NATS at nats:\/\/127\.0\.0\.1:1 does not answer.*; start it, or correct TEST_NATS_URL$/,
        ) as unknown,
      });
      const refused = await reasonFor({ url: guarded.url, user: 'one', password: 'wrong' });
      expect(refused).toEqual(
        new ServiceUnreachable(
          `NATS at ${guarded.url} refuses the user or password; check TEST_NATS_USER and TEST_NATS_PASSWORD`,
        ),
      );
      expect(await reasonFor({ url: small.url })).toMatchObject({
        message: `NATS at ${small.url} allows messages of 1048576 bytes only; set max_payload: 12MB in its configuration`,
      });
      await Promise.all([guarded.stop(), small.stop()]);
    },
    START_TIMEOUT_MS,
  );
});
