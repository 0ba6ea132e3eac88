import { afterEach, describe, expect, it } from '@jest/globals';
import { waitUntil } from '#testing';
import { PeerProtocolError, PeerTimeout, PeerUnreachable, TlsPeerTransport, type PeerReply } from '#transport';
import { SystemClock } from '#platform';
import { CALLED, CALLER, dialAs, Listener, Meeting, nodeKey } from './two-nodes.js';

const TIMEOUT_MS = 10_000;
const RECOVERY_TIMEOUT_MS = 20_000;
const FRAME = [Buffer.from('a '), Buffer.from('frame')];
const reply = (status: number, body: string | Uint8Array): PeerReply => ({ status, body: Buffer.from(body) });
const never = (): Promise<PeerReply> => new Promise(() => undefined);

describe('two nodes', () => {
  const { listen, dial, end } = new Meeting();
  afterEach(end);

  it('pass onions and commands on, each knowing who the other is and how long it waits', async () => {
    const heard: unknown[] = [];
    const { address } = await listen({
      onion: (frame, from, budgetMs) => {
        heard.push(['onion', Buffer.from(frame).toString(), from, budgetMs]);
        return Promise.resolve(reply(502, 'onion answer'));
      },
      commands: (all, from) =>
        all.map(({ method, params, budgetMs }) => {
          heard.push([method, Buffer.from(params).toString(), from, budgetMs]);
          return Promise.resolve(reply(200, 'command answer'));
        }),
    });
    const caller = dial();
    expect(await caller.onion(address, FRAME, 4_000)).toEqual(reply(502, 'onion answer'));
    expect(await caller.command(address, 'store', Buffer.from('de'), 3_000)).toEqual(reply(200, 'command answer'));
    await caller.ping(address, TIMEOUT_MS);
    expect(heard).toEqual([
      ['onion', 'a frame', CALLER.id, 3_950],
      ['store', 'de', CALLER.id, 2_950],
    ]);
  });

  it('carry a page of messages of eight megabytes, and a request of ten', async () => {
    const page = Buffer.alloc(8 * 1024 * 1024, 7);
    const { address } = await listen({
      onion: (frame) => Promise.resolve(reply(200, String(frame.length))),
      commands: () => [Promise.resolve(reply(200, page))],
    });
    const caller = dial();
    const answer = await caller.command(address, 'retrieve', Buffer.from('de'), TIMEOUT_MS);
    expect(page.equals(answer.body)).toBe(true);
    const big = Buffer.alloc(10 * 1024 * 1024);
    expect(await caller.onion(address, [big], TIMEOUT_MS)).toEqual(reply(200, String(big.length)));
    const tooBig = caller.onion(address, [Buffer.alloc(11 * 1024 * 1024)], TIMEOUT_MS);
    await expect(tooBig).rejects.toBeInstanceOf(PeerProtocolError);
  });

  it('take no more of answers than there is room for, and give the room back', async () => {
    let room = 1_000_000;
    const hold = (bytes: number): boolean => {
      if (bytes > room) return false;
      room -= bytes;
      return true;
    };
    const { address } = await listen({
      onion: (frame) => Promise.resolve(reply(200, Buffer.alloc(Number(Buffer.from(frame).toString())))),
    });
    const release = (bytes: number): void => void (room += bytes);
    const caller = dial(new TlsPeerTransport(CALLER.seed, new SystemClock(), undefined, { hold, release }));
    const ask = (bytes: number): Promise<PeerReply> => caller.onion(address, [Buffer.from(String(bytes))], TIMEOUT_MS);
    expect((await ask(900_000)).body).toHaveLength(900_000);
    await expect(ask(1_100_000)).rejects.toBeInstanceOf(PeerUnreachable);
    expect((await ask(900_000)).body).toHaveLength(900_000);
    expect(room).toBe(1_000_000);
  });

  it('answer many requests at the same time, each with its own answer', async () => {
    const { address } = await listen({
      onion: (frame) => Promise.resolve(reply(200, frame)),
      commands: (all) => all.map(({ method }) => Promise.resolve(reply(200, method))),
    });
    const caller = dial();
    const numbers = Array.from({ length: 300 }, (_unused, number) => String(number));
    const onions = await Promise.all(numbers.map((text) => caller.onion(address, [Buffer.from(text)], TIMEOUT_MS)));
    expect(onions.map(({ body }) => Buffer.from(body).toString())).toEqual(numbers);
    const commands = await Promise.all(
      numbers.map((method) => caller.command(address, method, Buffer.from('de'), TIMEOUT_MS)),
    );
    expect(commands.map(({ body }) => Buffer.from(body).toString())).toEqual(numbers);
  });

  it('tell a handler that fails from one that is late, and lose nothing else of the same turn', async () => {
    const listener = await listen({
      onion: () => Promise.reject(new Error('secret words')),
      commands: (all) =>
        all.map(({ method }) => {
          return method === 'fails' ? Promise.reject(new Error('secret words')) : Promise.resolve(reply(200, method));
        }),
    });
    const caller = dial();
    const both = ['fails', 'works'].map((method) =>
      caller.command(listener.address, method, Buffer.from('de'), TIMEOUT_MS),
    );
    const [failed, worked] = await Promise.all(both);
    expect([failed?.status, worked?.status]).toEqual([500, 200]);
    await expect(caller.onion(listener.address, FRAME, TIMEOUT_MS)).rejects.toBeInstanceOf(PeerUnreachable);
    expect(listener.log.faults).toHaveLength(2);
    expect(JSON.stringify(listener.log.lines)).not.toContain('secret words');
  });

  it('give up on one that is silent, and on nothing else', async () => {
    const { address } = await listen({
      onion: never,
      commands: (all) => all.map(({ method }) => (method === 'slow' ? never() : Promise.resolve(reply(200, method)))),
    });
    const caller = dial();
    await expect(caller.onion(address, FRAME, 200)).rejects.toBeInstanceOf(PeerTimeout);
    await expect(caller.command(address, 'slow', Buffer.from('de'), 200)).rejects.toBeInstanceOf(PeerTimeout);
    expect(await caller.command(address, 'quick', Buffer.from('de'), TIMEOUT_MS)).toEqual(reply(200, 'quick'));
  });

  it('find each other again after one was away', async () => {
    const first = await listen({});
    const caller = dial();
    await caller.ping(first.address, TIMEOUT_MS);
    await first.stop();
    await expect(caller.ping(first.address, TIMEOUT_MS)).rejects.toBeInstanceOf(PeerUnreachable);
    await listen({}, {}, { port: first.address.peerPort });
    await waitUntil('the node', RECOVERY_TIMEOUT_MS, () => caller.ping(first.address, TIMEOUT_MS));
  });

  it('let what runs end when one stops', async () => {
    let begun: () => void = () => undefined;
    const isBegun = new Promise<void>((resolve) => (begun = resolve));
    let finish: (answer: PeerReply) => void = () => undefined;
    const listener = await listen({
      onion: () => {
        begun();
        return new Promise((resolve) => (finish = resolve));
      },
    });
    const asked = dial().onion(listener.address, FRAME, TIMEOUT_MS);
    await isBegun;
    const stopped = listener.stop(TIMEOUT_MS);
    finish(reply(200, 'in time'));
    expect(await asked).toEqual(reply(200, 'in time'));
    await stopped;
  });

  it('serve on kept connections for a while when one stops, and close them with the answer', async () => {
    const listener = await listen({ onion: (frame) => Promise.resolve(reply(200, frame)) });
    const caller = dial();
    await caller.ping(listener.address, TIMEOUT_MS);
    const stopped = listener.stop(TIMEOUT_MS);
    expect(await caller.onion(listener.address, FRAME, TIMEOUT_MS)).toEqual(reply(200, 'a frame'));
    await stopped; // at once: the only connection ended with its answer
    await expect(caller.ping(listener.address, TIMEOUT_MS)).rejects.toBeInstanceOf(PeerUnreachable);
  });

  it('lose no request to a connection that is closed while it is on its way', async () => {
    const answers: (() => PeerReply)[] = [];
    const listener = await listen({ onion: () => Promise.resolve(answers.shift()?.() ?? reply(500, 'unexpected')) });
    const caller = dial();
    await caller.ping(listener.address, TIMEOUT_MS);
    const cut = (): PeerReply => {
      listener.server.cut();
      return reply(200, 'into nothing');
    };
    answers.push(cut, () => reply(200, 'on a new connection'));
    const answer = await caller.onion(listener.address, FRAME, TIMEOUT_MS);
    expect(answer).toEqual(reply(200, 'on a new connection'));
    answers.push(cut, cut); // twice is no accident
    await expect(caller.onion(listener.address, FRAME, TIMEOUT_MS)).rejects.toBeInstanceOf(PeerUnreachable);
    expect(answers).toEqual([]);
  });

  it('have a place for so many requests of one node, and say when they are taken', async () => {
    let running = 0;
    const waiting: (() => void)[] = [];
    const { address } = await listen(
      {
        onion: () => {
          running += 1;
          return new Promise((resolve) => waiting.push(() => resolve(reply(200, 'done'))));
        },
      },
      { requestsOfNode: 3 },
    );
    const caller = dial();
    let refusals = 0;
    const asked = Array.from({ length: 5 }, () =>
      caller.onion(address, FRAME, TIMEOUT_MS).then(
        () => 'answered',
        (cause: unknown) => {
          if (!(cause instanceof PeerUnreachable)) return cause;
          refusals += 1;
          return 'refused';
        },
      ),
    );
    // Both, before a place is free again for the one whose connection took longer.
    await waitUntil('the places', RECOVERY_TIMEOUT_MS, () => expect([running, refusals]).toEqual([3, 2]));
    for (const answer of waiting) answer();
    expect((await Promise.all(asked)).sort()).toEqual(['answered', 'answered', 'answered', 'refused', 'refused']);
  });
});

describe('a node and a stranger', () => {
  const stranger = nodeKey(9);

  it('hears nothing of it, and counts it', async () => {
    const listener = await Listener.start({ onion: () => Promise.resolve(reply(200, 'heard')) });
    const caller = dialAs(stranger);
    await expect(caller.onion(listener.address, FRAME, TIMEOUT_MS)).rejects.toBeInstanceOf(PeerUnreachable);
    expect(listener.server.strangers).toBeGreaterThan(0);
    await caller.close();
    await listener.stop();
  });

  it('does not talk to it where another node should be', async () => {
    let heard = 0;
    const other = await Listener.start(
      {
        onion: () => {
          heard += 1;
          return Promise.resolve(reply(200, 'heard'));
        },
      },
      {},
      { key: stranger },
    );
    const caller = dialAs(CALLER);
    const address = { ...other.address, ed25519: CALLED.id };
    await expect(caller.onion(address, FRAME, TIMEOUT_MS)).rejects.toBeInstanceOf(PeerUnreachable);
    expect(heard).toBe(0);
    await caller.close();
    await other.stop();
  });

  it('ends it when it left the list while it was connected', async () => {
    const listener = await Listener.start({ onion: () => Promise.resolve(reply(200, 'heard')) });
    const caller = dialAs(CALLER);
    expect(await caller.onion(listener.address, FRAME, TIMEOUT_MS)).toEqual(reply(200, 'heard'));
    listener.members.delete(CALLER.id);
    await expect(caller.onion(listener.address, FRAME, TIMEOUT_MS)).rejects.toBeInstanceOf(PeerUnreachable);
    listener.members.add(CALLER.id);
    const again = (): Promise<PeerReply> => caller.onion(listener.address, FRAME, TIMEOUT_MS);
    expect(await waitUntil('the member', RECOVERY_TIMEOUT_MS, again)).toEqual(reply(200, 'heard'));
    await caller.close();
    await listener.stop();
  });
});
