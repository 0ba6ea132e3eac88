import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { provenKey } from './identity.js';

export interface AdmissionLimits {
  /** Connections of one node. A node has a few processes that dial us, each with at most 128. */
  readonly connectionsOfNode: number;
  /** Requests of one node at work at the same time, so that one cannot take all places. */
  readonly requestsOfNode: number;
}

/** What one node has in our hands. */
export interface Caller {
  /** Its Ed25519 key, 64 lower-case hex digits. */
  readonly key: string;
  connections: number;
  requests: number;
}

/** Who may talk to us: members, and each only so much. Connections are judged by the key that they proved to hold. */
export class Admission {
  readonly #callers = new Map<string, Caller>();
  readonly #bySocket = new WeakMap<Socket, Caller>();
  #strangers = 0;

  constructor(
    private readonly isMember: (ed25519: string) => boolean,
    private readonly limits: AdmissionLimits,
  ) {}

  /** Connections refused so far. */
  get strangers(): number {
    return this.#strangers;
  }

  /** A handshake that failed. */
  countStranger(): void {
    this.#strangers += 1;
  }

  /** Takes a connection after its handshake, or cuts it off before a byte of a request is read. */
  admit(socket: TLSSocket): void {
    const key = provenKey(socket);
    const caller = key !== undefined && this.isMember(key) ? this.#callerOf(key) : undefined;
    if (caller === undefined || caller.connections >= this.limits.connectionsOfNode) {
      if (caller === undefined) this.#strangers += 1;
      socket.destroy();
      return;
    }
    caller.connections += 1;
    this.#bySocket.set(socket, caller);
    socket.once('close', () => {
      caller.connections -= 1;
      this.#forgetIfIdle(caller);
    });
  }

  /** Whose request this is; undefined for a node that has left the network since it connected. */
  callerOn(socket: Socket): Caller | undefined {
    const caller = this.#bySocket.get(socket);
    return caller !== undefined && this.isMember(caller.key) ? caller : undefined;
  }

  /** Takes a place for a request; false when the node has all of its places taken. Pairs with `leave`. */
  enter(caller: Caller): boolean {
    if (caller.requests >= this.limits.requestsOfNode) return false;
    caller.requests += 1;
    return true;
  }

  leave(caller: Caller): void {
    caller.requests -= 1;
    this.#forgetIfIdle(caller);
  }

  #forgetIfIdle(caller: Caller): void {
    if (caller.connections === 0 && caller.requests === 0) this.#callers.delete(caller.key);
  }

  #callerOf(key: string): Caller {
    const known = this.#callers.get(key);
    if (known !== undefined) return known;
    const caller: Caller = { key, connections: 0, requests: 0 };
    this.#callers.set(key, caller);
    return caller;
  }
}
