/** No answer came within the deadline. */
export class BusTimeout extends Error {
  constructor(subject: string) {
    super(`no answer on ${subject} in time`);
    this.name = 'BusTimeout';
  }
}

/** Nobody can answer now: disconnected, no responder, or every responder is busy. */
export class BusUnavailable extends Error {
  constructor(subject: string, why: string) {
    super(`nobody answers on ${subject}: ${why}`);
    this.name = 'BusUnavailable';
  }
}

/** The responder failed; its own log says why. */
export class BusFault extends Error {
  constructor(subject: string) {
    super(`the service behind ${subject} failed`);
    this.name = 'BusFault';
  }
}

/** How the services of one node talk: bytes on subjects. Nothing is kept or acknowledged here. */
export abstract class Bus {
  /** Throws BusTimeout, BusUnavailable or BusFault. */
  abstract request(subject: string, data: Uint8Array, options: { readonly timeoutMs: number }): Promise<Uint8Array>;
  /** Fire and forget; lost while disconnected. */
  abstract publish(subject: string, data: Uint8Array): void;
  /** Returns the way to end the subscription. */
  abstract subscribe(subject: string, handler: (data: Uint8Array) => void): () => void;
  /** Whether the server has heard of all subscriptions made so far, within the time. */
  abstract flushed(timeoutMs: number): Promise<boolean>;
  abstract get connected(): boolean;
  /** Called after each reconnect. Returns the way to end that. */
  abstract onConnected(listener: () => void): () => void;
}
