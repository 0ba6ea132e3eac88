import {
  createInbox,
  headers,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  type Subscription,
} from '@nats-io/transport-node';

/** Reply header of the first part: how many bytes there are in all. The message names the subject for the others. */
export const LENGTH_HEADER = 'Starling-Length';

/** A part: below the 1 MiB that a NATS server carries by default, and large enough that round trips do not count. */
export const PART_BYTES = 512 * 1024;
/** Room for the largest answer of the network (10 MiB) and its frame; more would be a fault of ours. */
const MAX_REPLY_BYTES = 16 * 1024 * 1024;
/** The asking side takes part after part without doing anything else; one that is silent so long is gone. */
const NEXT_TIMEOUT_MS = 3_000;
const NOTHING = new Uint8Array();

/** A reply that is written while it is sent, so that it never lies in memory as a whole. */
export interface BusParts {
  /** Of all parts together. */
  readonly bytes: number;
  /** The next part, of any length that fits into a message; null after the last. Throws for a fault. */
  next(): Uint8Array | null;
  /** It has been taken, or nobody wants it any more. Called once. */
  done(): void;
}

export function isBusParts(value: unknown): value is BusParts {
  return typeof value === 'object' && value !== null && 'bytes' in value && 'next' in value && 'done' in value;
}

/** Views of bytes that lie in memory already. */
export function partsOf(whole: Uint8Array): BusParts {
  let at = 0;
  return {
    bytes: whole.length,
    next: () => (at < whole.length ? whole.subarray(at, (at += PART_BYTES)) : null),
    done: () => undefined,
  };
}

/**
 * Answers with the first part; each of the others is asked for on a subject of its own, so that no more than one is
 * on its way. Rejects when a part cannot be written; the asking side hears of that by its deadline.
 */
export function sendParts(connection: NatsConnection, message: Msg, parts: BusParts): Promise<void> {
  return new Promise((resolve, reject) => {
    const inbox = createInbox();
    const end = (problem?: unknown): void => {
      clearTimeout(timer);
      if (!connection.isClosed()) subscription.unsubscribe();
      parts.done();
      if (problem === undefined) resolve();
      else reject(problem instanceof Error ? problem : new Error('a part could not be sent'));
    };
    let timer = setTimeout(end, NEXT_TIMEOUT_MS);
    let sent = 0;
    const send = (to: Msg, options: { reply?: string; headers?: MsgHdrs } = {}): void => {
      try {
        const part = parts.next();
        if (part === null) throw new Error('the parts of a reply are shorter than it');
        sent += part.length;
        to.respond(part, options);
      } catch (cause) {
        if (sent > 0) to.respond(NOTHING); // it waits for this part; who waits for the first one is told by the caller
        end(cause);
        return;
      }
      clearTimeout(timer);
      if (sent >= parts.bytes) end();
      else timer = setTimeout(end, NEXT_TIMEOUT_MS);
    };
    const subscription: Subscription = connection.subscribe(inbox, {
      callback: (problem, asked) => {
        if (problem === null) send(asked);
      },
    });
    const length = headers();
    length.set(LENGTH_HEADER, String(parts.bytes));
    send(message, { reply: inbox, headers: length });
  });
}

/** Puts a reply together again: each byte is copied once. Undefined when the parts do not make a whole. */
export async function takeParts(first: Msg, next: (subject: string) => Promise<Msg>): Promise<Uint8Array | undefined> {
  const length = Number(first.headers?.get(LENGTH_HEADER));
  if (!(length > 0 && length <= MAX_REPLY_BYTES)) return undefined;
  const whole = Buffer.allocUnsafeSlow(length);
  let bytes = 0;
  for (let part = first; ; part = await next(first.reply ?? '')) {
    if (part.data.length === 0 || bytes + part.data.length > whole.length) return undefined;
    whole.set(part.data, bytes);
    bytes += part.data.length;
    if (bytes === whole.length) return whole;
  }
}
