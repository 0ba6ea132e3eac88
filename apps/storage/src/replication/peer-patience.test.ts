import { describe, expect, it } from '@jest/globals';
import type { NodeRecord } from '#protocol';
import { aNodeRecord, SetClock } from '#testing';
import { PeerProtocolError, PeerTimeout, PeerTransport, PeerUnreachable, type PeerReply } from '#transport';
import type { StorageConfig } from '../storage.config.js';
import { NotAsked, PeerPatience } from './peer-patience.js';

const CONFIG = { STORAGE_REPLICATION_MS: 2_500 } as StorageConfig;
const DONE: PeerReply = { status: 200, body: new Uint8Array() };
const AWAY: PeerReply = { status: 503, body: new Uint8Array() };
const PARAMS = new Uint8Array();

interface Asked {
  readonly resolve: (reply: PeerReply) => void;
  readonly reject: (cause: Error) => void;
}

/** Keeps what it was asked until the test answers. */
class HeldTransport extends PeerTransport {
  readonly asked: Asked[] = [];

  command(): Promise<PeerReply> {
    return new Promise((resolve, reject) => this.asked.push({ resolve, reject }));
  }

  onion(): Promise<PeerReply> {
    throw new Error('not expected');
  }

  ping(): Promise<void> {
    throw new Error('not expected');
  }

  standing(): Promise<never> {
    throw new Error('not expected');
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const peer = (peerPort = 1): NodeRecord => aNodeRecord({ peerPort });

function patient(): { transport: HeldTransport; clock: SetClock; ask: (port?: number) => Promise<PeerReply> } {
  const [transport, clock] = [new HeldTransport(), new SetClock()];
  const patience = new PeerPatience(transport, CONFIG, clock);
  return { transport, clock, ask: (port) => patience.command(peer(port), 'store', PARAMS) };
}

/** After a request that took so long and ended so. */
async function after(
  ms: number,
  end: (asked: Asked) => void,
): Promise<ReturnType<typeof patient> & { first: PromiseSettledResult<PeerReply> }> {
  const world = patient();
  const [settled] = [Promise.allSettled([world.ask()])];
  world.clock.ms += ms;
  world.transport.asked.splice(0).forEach(end);
  const [first] = await settled;
  return { ...world, first };
}

const LATE = (asked: Asked): void => asked.reject(new PeerTimeout('late'));

describe('a member that was silent', () => {
  it('is not asked again for a while', async () => {
    const { transport, ask, first } = await after(2_500, LATE);
    expect(first.status).toBe('rejected');
    await expect(ask()).rejects.toThrow(NotAsked);
    expect(transport.asked).toEqual([]);
  });

  it('is then asked one thing at a time, and believed when it answers', async () => {
    const { transport, clock, ask } = await after(2_500, LATE);
    clock.ms += 500;
    const probe = ask();
    await expect(ask()).rejects.toThrow(NotAsked);
    transport.asked.splice(0).forEach(({ resolve }) => resolve(DONE));
    expect(await probe).toBe(DONE);

    const both = [ask(), ask()];
    transport.asked.splice(0).forEach(({ resolve }) => resolve(DONE));
    expect(await Promise.all(both)).toEqual([DONE, DONE]);
  });

  it('is believed for an answer that came after its caller had gone', async () => {
    const { transport, clock, ask } = await after(2_500, LATE);
    clock.ms += 500;
    await expect(ask()).rejects.toThrow(PeerTimeout);
    expect(transport.asked).toHaveLength(1);
    transport.asked.splice(0).forEach(({ resolve }) => resolve(DONE));
    await new Promise(setImmediate);
    const next = ask();
    transport.asked.splice(0).forEach(({ resolve }) => resolve(DONE));
    expect(await next).toBe(DONE);
  });

  it('is left alone again when it does not answer that either, however soon that is known', async () => {
    const { transport, clock, ask } = await after(2_500, LATE);
    clock.ms += 500;
    const probe = ask();
    transport.asked.splice(0).forEach(({ reject }) => reject(new PeerUnreachable('left alone')));
    await expect(probe).rejects.toThrow(PeerUnreachable);
    await expect(ask()).rejects.toThrow(NotAsked);
  });

  it('is somebody new at another address', async () => {
    const { transport, ask } = await after(2_500, LATE);
    const elsewhere = ask(2);
    transport.asked.splice(0).forEach(({ resolve }) => resolve(DONE));
    expect(await elsewhere).toBe(DONE);
  });
});

describe('what makes a member suspect', () => {
  it.each<[string, boolean, number, (asked: Asked) => void]>([
    ['silence', true, 2_500, LATE],
    ['a handshake that does not end', true, 2_000, ({ reject }) => reject(new PeerUnreachable('no connection'))],
    ['a door behind which nobody answers', true, 2_250, ({ resolve }) => resolve(AWAY)],
    ['a refused connection', false, 1, ({ reject }) => reject(new PeerUnreachable('refused'))],
    ['no room at the moment', false, 1, ({ resolve }) => resolve(AWAY)],
    ['a slow answer', false, 2_400, ({ resolve }) => resolve(DONE)],
    ['an answer that is none', false, 2_400, ({ reject }) => reject(new PeerProtocolError('no bencode'))],
  ])('%s: %s', async (_what, isSuspect, ms, end) => {
    const { transport, ask } = await after(ms, end);
    const next = ask();
    expect(transport.asked).toHaveLength(isSuspect ? 0 : 1);
    transport.asked.splice(0).forEach(({ resolve }) => resolve(DONE));
    const [{ status }] = await Promise.allSettled([next]);
    expect(status).toBe(isSuspect ? 'rejected' : 'fulfilled');
  });
});
