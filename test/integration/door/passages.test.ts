import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SystemClock } from '#platform';
import { freePort, waitUntil } from '#testing';
import { doorLimits, type DoorLimits } from '../../../apps/door/src/passage/door-limits.js';
import { DoorPort } from '../../../apps/door/src/passage/door-port.js';
import { Relays } from '../../../apps/door/src/relays/relays.js';
import { echo, StandInRelay, type Part } from './echo-relays.js';

const TIMEOUT_MS = 20_000;
/** In the buffers of four sockets, with the settings that systems usually have. */
const MORE_THAN_THE_SYSTEM_HOLDS = 60_000_000;
const HERE = '127.0.0.1';
/** Other addresses of this machine, which Linux has without being told. */
const OTHERS = ['127.0.0.2', '127.0.0.3'] as const;
const withMoreAddresses = process.platform === 'linux' ? it : it.skip;

describe('a port of the door', () => {
  const ends: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  });

  async function relayAt(host: string, port: number, part?: Part): Promise<StandInRelay> {
    const relay = await StandInRelay.start(host, port, part);
    ends.push(() => relay.stop());
    return relay;
  }

  /** A port before relays at these addresses. */
  async function aPort(
    relayPort: number,
    addresses: readonly string[],
    { limits = {}, maxConnections = 100, found }: Options = {},
  ) {
    const clock = new SystemClock();
    const told: boolean[] = [];
    const relays = new Relays(clock, (areServing) => told.push(areServing));
    relays.set(addresses);
    const outcomes: string[] = [];
    const port = new DoorPort({
      relays,
      clock,
      relayPort,
      maxConnections,
      limits: { ...doorLimits, ...limits },
      lookAgain: async () => {
        await Promise.resolve();
        if (found !== undefined) relays.set(found);
      },
      took: () => undefined,
      refused: (reason) => outcomes.push(reason),
      relayFailed: (reason) => outcomes.push(reason),
    });
    const number = await port.listen(HERE, 0);
    ends.push(async () => {
      const ended = port.stopAccepting();
      port.cut();
      await ended;
    });
    const client = async (): Promise<Socket> => {
      const socket = connect({ port: number, host: HERE, allowHalfOpen: true });
      socket.on('error', () => socket.destroy());
      await once(socket, 'connect');
      return socket;
    };
    return { port, outcomes, told, client };
  }

  interface Options {
    readonly limits?: Partial<DoorLimits>;
    readonly maxConnections?: number;
    /** What another look-up brings. */
    readonly found?: readonly string[];
  }

  async function everything(socket: Socket): Promise<Buffer> {
    const pieces: Buffer[] = [];
    socket.on('data', (piece: Buffer) => pieces.push(piece));
    await once(socket, 'end');
    return Buffer.concat(pieces);
  }

  /** As a client that leaves when the other side does. */
  async function closed(socket: Socket): Promise<void> {
    socket.resume().on('end', () => socket.end());
    if (socket.readableEnded) socket.end();
    if (!socket.destroyed) await once(socket, 'close');
  }

  it('carries bytes both ways as they came, also those behind the end of the other side', async () => {
    const relay = await relayAt(HERE, 0);
    const { client } = await aPort(relay.port, [HERE]);
    const sent = Buffer.alloc(3_000_000, 'some bytes and others ');
    const socket = await client();
    socket.end(sent);
    expect((await everything(socket)).equals(sent)).toBe(true);
    expect(relay.clients).toEqual([HERE]);
  });

  it('does not read what the other side does not take', async () => {
    const received: number[] = [];
    let read = (): unknown => undefined;
    const relay = await relayAt(HERE, 0, (socket) => {
      if (relay.clients.length > 1) echo(socket);
      else read = () => socket.on('data', (bytes: Buffer) => received.push(bytes.length));
    });
    const { client } = await aPort(relay.port, [HERE]);
    const socket = await client();
    let hasAllGone = false;
    socket.write(Buffer.alloc(MORE_THAN_THE_SYSTEM_HOLDS), () => (hasAllGone = true));
    const other = await client();
    // In each turn the door could read 64 KiB, which would be more than there is.
    for (let turn = 0; turn < 2_000; turn += 1) {
      other.write('x');
      await once(other, 'data');
    }
    expect(hasAllGone).toBe(false);
    read();
    const sum = (): number => received.reduce((all, bytes) => all + bytes, 0);
    await waitUntil('all of it', TIMEOUT_MS, () => expect(sum()).toBe(MORE_THAN_THE_SYSTEM_HOLDS));
  });

  it('passes on that one side has ended, and waits for what the other still says', async () => {
    const relay = await relayAt(HERE, 0, (socket) => {
      socket.write('hello');
      socket.resume().on('end', () => socket.end(' and good-bye'));
    });
    const { client, port } = await aPort(relay.port, [HERE]);
    const socket = await client();
    await once(socket, 'data');
    socket.end();
    expect((await everything(socket)).toString()).toBe(' and good-bye');
    await waitUntil('its end', TIMEOUT_MS, () => expect(port.open).toBe(0));
  });

  it('lets a client go that does not, after its relay has', async () => {
    const relay = await relayAt(HERE, 0, (socket) => socket.end('good-bye'));
    const { client, port } = await aPort(relay.port, [HERE], { limits: { goodbyeMs: 50 } });
    const socket = await client();
    expect((await everything(socket)).toString()).toBe('good-bye');
    await waitUntil('its end', TIMEOUT_MS, () => expect(port.open).toBe(0));
    socket.destroy();
  });

  it('breaks with the relay, and the relay with it', async () => {
    const relay = await relayAt(HERE, 0);
    const { client } = await aPort(relay.port, [HERE]);
    const [one, other] = [await client(), await client()];
    for (const socket of [one, other]) {
      socket.write('x');
      await once(socket, 'data');
    }
    expect(relay.sockets.size).toBe(2);
    one.resetAndDestroy();
    await waitUntil('the first one', TIMEOUT_MS, () => expect(relay.sockets.size).toBe(1));
    for (const socket of relay.sockets) socket.resetAndDestroy();
    await closed(other);
  });

  it('closes what is silent for too long', async () => {
    const relay = await relayAt(HERE, 0);
    const { client } = await aPort(relay.port, [HERE], { limits: { silenceMs: 50 } });
    await closed(await client());
    await waitUntil('its relay', TIMEOUT_MS, () => expect(relay.sockets.size).toBe(0));
  });

  it('takes so many in all and of one source, and others when those have left', async () => {
    const relay = await relayAt(HERE, 0);
    const few = await aPort(relay.port, [HERE], { limits: { ofSource: 2 } });
    const [first] = [await few.client(), await few.client()];
    await closed(await few.client());
    expect(few.outcomes).toEqual(['source']);
    first.destroy();
    await waitUntil('room', TIMEOUT_MS, () => expect(few.port.open).toBe(1));
    const next = await few.client();
    next.write('x');
    await once(next, 'data');

    const small = await aPort(relay.port, [HERE], { maxConnections: 1 });
    const only = await small.client();
    await closed(await small.client());
    expect(small.outcomes).toEqual(['full']);
    only.destroy();
  });

  withMoreAddresses('shares clients among relays, and passes over one that is not there', async () => {
    const one = await relayAt(OTHERS[0], 0);
    const other = await relayAt(OTHERS[1], one.port);
    const { client, outcomes, told } = await aPort(one.port, [HERE, ...OTHERS]); // nobody listens on the first
    for (let i = 0; i < 6; i += 1) {
      const socket = await client();
      socket.write('x');
      await once(socket, 'data');
    }
    expect([one.clients.length, other.clients.length]).toEqual([3, 3]);
    expect(outcomes).toEqual(['refused']); // once, and then it is avoided
    expect(told).toEqual([]);
  });

  withMoreAddresses('finds a relay that another look-up brings', async () => {
    const relay = await relayAt(OTHERS[0], 0);
    const { client, outcomes } = await aPort(relay.port, [HERE], { found: OTHERS });
    const socket = await client();
    socket.end('as before');
    expect((await everything(socket)).toString()).toBe('as before');
    expect(outcomes[0]).toBe('refused');
    expect(outcomes).not.toContain('no_relay');
  });

  it('closes a client for whom there is no relay, and says so until one serves', async () => {
    const port = await freePort();
    const { client, outcomes, told } = await aPort(port, [HERE], { found: [HERE] });
    await closed(await client());
    expect(outcomes).toEqual(['refused', 'no_relay']);
    expect(told).toEqual([false]);
    await relayAt(HERE, port);
    const socket = await client();
    socket.write('x');
    await once(socket, 'data');
    expect(told).toEqual([false, true]);
  });

  withMoreAddresses('gives what a client said to another relay when the first leaves without a word', async () => {
    for (const leave of [(socket: Socket) => socket.resetAndDestroy(), (socket: Socket) => socket.end()]) {
      const leaving = await relayAt(OTHERS[0], 0, (socket) => socket.once('data', () => leave(socket)));
      const staying = await relayAt(OTHERS[1], leaving.port);
      const { client, outcomes } = await aPort(leaving.port, OTHERS);
      const socket = await client();
      socket.write('first words');
      const [bytes] = (await once(socket, 'data')) as [Buffer];
      expect(bytes.toString()).toBe('first words');
      expect([leaving.clients, staying.clients]).toEqual([[HERE], [HERE]]);
      expect(outcomes).toEqual(['lost']);
    }
  });

  withMoreAddresses('asks one other relay, and no more, about a client that they do not want', async () => {
    const refuse: Part = (socket) => socket.destroy();
    const one = await relayAt(OTHERS[0], 0, refuse);
    const other = await relayAt(OTHERS[1], one.port, refuse);
    const third = await relayAt(HERE, one.port, refuse);
    const { client, outcomes } = await aPort(one.port, [...OTHERS, HERE]);
    await closed(await client());
    expect(outcomes).toEqual(['lost', 'lost', 'relay']);
    expect([one, other, third].map(({ clients }) => clients.length)).toEqual([1, 1, 0]);
  });

  withMoreAddresses('asks no other when a client has said more than is kept', async () => {
    const one = await relayAt(OTHERS[0], 0, (socket) => socket.once('data', () => socket.destroy()));
    const other = await relayAt(OTHERS[1], one.port);
    const { client, outcomes } = await aPort(one.port, OTHERS, { limits: { keptBytes: 4 } });
    const socket = await client();
    socket.write('more than four');
    await closed(socket);
    expect(outcomes).toEqual(['lost', 'relay']);
    expect(other.clients).toEqual([]);
  });

  withMoreAddresses('keeps for another relay what there is room for, of all who wait together', async () => {
    const heard: Socket[] = [];
    const hold: Part = (socket) => socket.once('data', () => heard.push(socket));
    const one = await relayAt(OTHERS[0], 0, hold);
    const other = await relayAt(OTHERS[1], one.port, (socket) => (heard.length < 2 ? hold(socket) : echo(socket)));
    const { client, outcomes } = await aPort(one.port, OTHERS, { limits: { keptInAllBytes: 6 } });
    const speak = async (): Promise<Socket> => {
      const before = heard.length;
      const socket = await client();
      socket.write('four');
      await waitUntil('a relay has heard it', TIMEOUT_MS, () => expect(heard).toHaveLength(before + 1));
      return socket;
    };
    const [first, second] = [await speak(), await speak()];
    heard[1]?.destroy();
    await closed(second);
    expect(outcomes).toEqual(['lost', 'relay']);
    heard[0]?.destroy();
    const [again] = (await once(first, 'data')) as [Buffer];
    expect(again.toString()).toBe('four');
    expect(other.clients).toHaveLength(2);
    first.destroy();
  });

  it('waits for those who are there when it stops, and takes nobody else', async () => {
    const relay = await relayAt(HERE, 0, echo);
    const { client, port } = await aPort(relay.port, [HERE]);
    const socket = await client();
    socket.write('x');
    await once(socket, 'data');
    const ended = port.stopAccepting();
    const late = connect(Number(socket.remotePort), HERE);
    await expect(once(late, 'connect')).rejects.toThrow('ECONNREFUSED');
    socket.end('the rest');
    expect((await everything(socket)).toString()).toBe('the rest');
    await ended;
  });
});
