import { describe, expect, it } from '@jest/globals';
import { waitUntil, type TestNode } from '#testing';
import { journeysOf, type Journey } from './hops.js';
import { networkOfSuite } from './network-of-suite.js';
import { leave, newPerson, receive, type Person } from './people.js';
import { firstOf, measured } from './rpc.js';
import { RECOVERY_TIMEOUT_MS, TEST_TIMEOUT_MS } from './timeouts.js';

/** The first path of a client avoids two given nodes of seven with a chance of one in three. */
const CLIENTS_TRIED = 40;
const SWARM_OF_TWO = '4000000000000000';
const SWARM_OF_FIVE = 'c000000000000000';

describe('a network with a relay that is killed', () => {
  const swarms = [SWARM_OF_TWO, SWARM_OF_TWO, ...Array.from({ length: 5 }, () => SWARM_OF_FIVE)];
  const nodes = swarms.map((swarm, index) => ({ name: `node-${index + 1}`, swarm }));
  const up = networkOfSuite({ networkFile: { nodes } });

  const nodeAt = (address: string): TestNode => firstOf(up().nodes.filter(({ url }) => url === `https://${address}`));

  /** Somebody whose messages the swarm of two keeps, so that five nodes are hops and nothing else for the sender. */
  async function aReader(): Promise<Person> {
    for (let tried = 0; tried < CLIENTS_TRIED; tried++) {
      const person = await newPerson(up());
      const { id } = await person.client.swarmOf(person.account.id);
      if (id === SWARM_OF_TWO) return person;
      await leave(person);
    }
    throw new Error('no account belongs to the first swarm');
  }

  /** A sender with a path, and its hops, none of which keeps the reader's messages: the path fits every store. */
  async function aSenderTo(reader: Person): Promise<{ sender: Person; path: Journey['hops'] }> {
    for (let tried = 0; tried < CLIENTS_TRIED; tried++) {
      const sender = await newPerson(up());
      const { members } = await sender.client.swarmOf(reader.account.id);
      const path = firstOf(journeysOf(sender.events)).hops;
      if (members.every(({ ip, httpsPort }) => !path.includes(`${ip}:${httpsPort}`))) return { sender, path };
      await leave(sender);
    }
    throw new Error('no client found a path around the swarm');
  }

  /** A sender whose path begins at this node: it would not, had the client asked this very node for the swarm. */
  async function aSenderBehind(guard: TestNode, reader: Person): Promise<Person> {
    for (let tried = 0; tried < CLIENTS_TRIED; tried++) {
      const sender = await newPerson(up(), { guards: [guard.ed25519, guard.ed25519] });
      await sender.client.swarmOf(reader.account.id);
      const { destination } = firstOf(journeysOf(sender.events));
      if (nodeAt(destination) !== guard) return sender;
      await leave(sender);
    }
    throw new Error('every client asked the guard itself for the swarm');
  }

  it(
    'delivers around it, although it died with the message in its hands, and uses it again when it is back',
    async () => {
      const reader = await aReader();
      const { sender, path } = await aSenderTo(reader);
      const [guardAddress = '', killedAddress = ''] = path;
      const [guard, killed] = [nodeAt(guardAddress), nodeAt(killedAddress)];

      process.kill(killed.pids.relay ?? 0, 'SIGSTOP'); // it takes the message and does not pass it on
      const sending = sender.client.send(sender.account, reader.account.id, 'around');
      await waitUntil('the message at the guard', RECOVERY_TIMEOUT_MS, async () =>
        expect(await measured(guard.info.admin_url, 'relay_requests_in_flight')).toBeGreaterThan(0),
      );
      await killed.kill('relay');
      const { answers } = await sending;

      expect(answers.map(({ outcome }) => outcome)).toEqual(['kept', 'kept']);
      expect(await receive(reader, sender)).toBe('around');
      const [, ...stores] = journeysOf(sender.events);
      expect(stores[0]).toMatchObject({ hops: path, outcome: expect.not.stringMatching(/^ok$/) as unknown });
      expect(stores.at(-1)).toMatchObject({ outcome: 'ok' });
      expect(stores.at(-1)?.hops).not.toContain(killedAddress);
      expect(stores.at(-1)?.hops).toHaveLength(3);

      await killed.start();
      const other = await aSenderBehind(killed, reader);
      await other.client.send(other.account, reader.account.id, 'through it');
      expect(journeysOf(other.events).at(-1)).toMatchObject({
        outcome: 'ok',
        hops: expect.arrayContaining([killedAddress]) as unknown,
      });
      expect(await receive(reader, other)).toBe('through it');
      await leave(reader, sender, other);
    },
    TEST_TIMEOUT_MS,
  );
});
