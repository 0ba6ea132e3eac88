import { randomBytes } from 'node:crypto';
import { Account, Client, type TraceEvent } from '#client';
import { nativePrimitives, SystemClock } from '#platform';
import { waitUntil, type TestNetwork } from '#testing';

/** A message is in every member when `send` returns; more than one look is only for a busy machine. */
const ARRIVAL_TIMEOUT_MS = 30_000;

/** Somebody with an account and a client of their own. */
export interface Person {
  readonly account: Account;
  readonly client: Client;
  readonly events: readonly TraceEvent[];
}

export interface PersonOptions {
  /** Ed25519 keys of the nodes that their paths begin with. */
  readonly guards?: readonly string[];
}

export async function newPerson(
  { seedUrl }: Pick<TestNetwork, 'seedUrl'>,
  options: PersonOptions = {},
): Promise<Person> {
  const events: TraceEvent[] = [];
  const client = await Client.connect({
    seedUrl,
    random: randomBytes,
    clock: new SystemClock(),
    primitives: nativePrimitives(),
    singleHost: true,
    ...options,
    onTrace: (event) => events.push(event),
  });
  return { account: Account.generate(randomBytes), client, events };
}

/** Polls until a message from the sender is there; gives its text. */
export function receive(reader: Person, sender: Person): Promise<string | undefined> {
  return waitUntil('a message', ARRIVAL_TIMEOUT_MS, async () => {
    const page = await reader.client.poll(reader.account);
    await page.commit();
    const message = page.messages.find(({ senderId }) => senderId === sender.account.id);
    if (message === undefined) throw new Error('nothing yet');
    return message.content.dataMessage?.body;
  });
}

export async function leave(...people: readonly Person[]): Promise<void> {
  await Promise.all(people.map(({ client }) => client.close()));
}
