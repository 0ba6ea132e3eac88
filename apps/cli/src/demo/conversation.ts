import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Account, Client } from '#client';
import type { ReceivedMessage, TraceEvent } from '#client';
import { nativePrimitives, SystemClock } from '#platform';
import { journeyOf } from './journey.js';
import type { Journey } from './journey.js';

/** A message is in every member when `send` returns; more than one look is only for a busy machine. */
const ARRIVAL_TIMEOUT_MS = 15_000;
const LOOK_EVERY_MS = 200;

/** A person of the demo: an account and a client of their own. */
export interface Person {
  readonly name: string;
  readonly account: Account;
  readonly client: Client;
  readonly events: TraceEvent[];
}

export interface Delivery {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly receivedText: string | null;
  readonly isDelivered: boolean;
  readonly journey: Journey;
  readonly sendMs: number;
  readonly fetchMs: number;
}

/** A new account with a client that talks to the network of this seed. */
export async function newPerson(name: string, seedUrl: string): Promise<Person> {
  const account = Account.generate(randomBytes);
  const events: TraceEvent[] = [];
  const client = await Client.connect({
    seedUrl,
    random: randomBytes,
    clock: new SystemClock(),
    primitives: nativePrimitives(),
    singleHost: true,
    onTrace: (event) => events.push(event),
  });
  return { name, account, client, events };
}

/** Sends one message and fetches it at the other end. Throws what the client throws. */
export async function deliver(from: Person, to: Person, text: string): Promise<Delivery> {
  const sent = from.events.length;
  const fetched = to.events.length;
  const startMs = performance.now();
  await from.client.send(from.account, to.account.id, text, { displayName: from.name });
  const storedMs = performance.now();
  const received = await waitForMessage(to, from.account.id);
  const receivedText = received?.content.dataMessage?.body ?? null;
  return {
    from: from.name,
    to: to.name,
    text,
    receivedText,
    isDelivered: receivedText === text,
    journey: journeyOf(from.events.slice(sent), to.events.slice(fetched)),
    sendMs: storedMs - startMs,
    fetchMs: performance.now() - storedMs,
  };
}

async function waitForMessage(to: Person, senderId: string): Promise<ReceivedMessage | null> {
  const deadline = AbortSignal.timeout(ARRIVAL_TIMEOUT_MS);
  for (;;) {
    const result = await to.client.poll(to.account);
    await result.commit();
    const message = result.messages.find((each) => each.senderId === senderId);
    if (message || deadline.aborted) return message ?? null;
    await pause(LOOK_EVERY_MS);
  }
}
