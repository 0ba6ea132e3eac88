import { noblePrimitives, NodeKey } from '#protocol';
import { SystemClock, type Clock } from '#platform';
import {
  PeerServer,
  TlsPeerTransport,
  type PeerAddress,
  type PeerContract,
  type PeerHandlers,
  type PeerServerLimits,
} from '#transport';
import { MemoryLog } from '../memory-log.js';

export const nodeKey = (byte: number): NodeKey => NodeKey.fromSeed(new Uint8Array(32).fill(byte), noblePrimitives);

export const CALLER = nodeKey(1);
export const CALLED = nodeKey(2);

/** A node that listens for others. `members` may change while it runs. */
export class Listener {
  private constructor(
    readonly address: PeerAddress,
    readonly members: Set<string>,
    readonly log: MemoryLog,
    readonly server: PeerServer,
  ) {}

  static async start(
    handlers: Partial<PeerHandlers>,
    limits: Partial<PeerServerLimits> = {},
    {
      key = CALLED,
      port = 0,
      clock = new SystemClock(),
      contract,
    }: {
      readonly key?: NodeKey;
      readonly port?: number;
      readonly clock?: Clock;
      readonly contract?: PeerContract;
    } = {},
  ): Promise<Listener> {
    const members = new Set([CALLER.id]);
    const log = new MemoryLog();
    const refuse = (): Promise<never> => Promise.reject(new Error('not expected here'));
    const server = new PeerServer({
      seed: key.seed,
      isMember: (id) => members.has(id),
      handlers: { onion: refuse, commands: (all) => all.map(refuse), standing: refuse, ...handlers },
      clock,
      log,
      limits,
      ...(contract && { contract }),
    });
    const peerPort = await server.listen('127.0.0.1', port);
    return new Listener({ ed25519: key.id, ip: '127.0.0.1', peerPort }, members, log, server);
  }

  stop(graceMs = 0): Promise<void> {
    return this.server.close(graceMs);
  }
}

export const dialAs = (key: NodeKey, clock: Clock = new SystemClock()): TlsPeerTransport =>
  new TlsPeerTransport(key.seed, clock);

/** The listeners and dials of a test: `end`, after each, ends them all. */
export class Meeting {
  readonly #listeners: Listener[] = [];
  readonly #dials: TlsPeerTransport[] = [];

  readonly listen = async (...args: Parameters<typeof Listener.start>): Promise<Listener> => {
    const listener = await Listener.start(...args);
    this.#listeners.push(listener);
    return listener;
  };

  readonly dial = (transport = dialAs(CALLER)): TlsPeerTransport => {
    this.#dials.push(transport);
    return transport;
  };

  readonly end = async (): Promise<void> => {
    await Promise.all(this.#dials.splice(0).map((dial) => dial.close()));
    await Promise.all(this.#listeners.splice(0).map((listener) => listener.stop()));
  };
}
