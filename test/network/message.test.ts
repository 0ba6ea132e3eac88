import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { subscribe } from '#client';
import { AccountId, bencode, encodeBase64, bytesToHex, noblePrimitives, utf8 } from '#protocol';
import { starling, waitUntil } from '#testing';
import { journeysOf } from './hops.js';
import { networkOfSuite } from './network-of-suite.js';
import { leave, newPerson, receive, type Person } from './people.js';
import { aStoreInOpenInbox, call, firstOf } from './rpc.js';
import { heardOn, openStream } from './streams.js';
import { TEST_TIMEOUT_MS } from './timeouts.js';

const NODES = 7;
const HEX_64: unknown = expect.stringMatching(/^[0-9a-f]{64}$/);
const A_NUMBER: unknown = expect.any(Number);

describe('a network of seven nodes', () => {
  const up = networkOfSuite({ nodes: NODES });

  it(
    'carries a message each way through three hops into the whole swarm',
    async () => {
      const [alice, bob] = await Promise.all([newPerson(up()), newPerson(up())]);
      for (const [from, to] of [
        [alice, bob],
        [bob, alice],
      ] as const) {
        const { answers } = await from.client.send(from.account, to.account.id, 'as only the two can read it');
        const keys = up().nodes.map(({ ed25519 }) => ed25519.slice(0, 8));
        expect(answers.map(({ node }) => node.key).sort()).toEqual(keys.sort());
        expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['kept'])); // each signature checked
        expect(await receive(to, from)).toBe('as only the two can read it');
      }
      for (const { events } of [alice, bob]) {
        const journeys = journeysOf(events);
        expect(journeys.length).toBeGreaterThan(0);
        for (const { hops, destination, outcome } of journeys) {
          expect(outcome).toBe('ok');
          expect(hops).toHaveLength(3);
          expect(new Set([...hops, destination]).size).toBe(4);
        }
      }
      await leave(alice, bob);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'gives nobody a message that is not theirs',
    async () => {
      const [alice, bob, mallory] = await Promise.all([newPerson(up()), newPerson(up()), newPerson(up())]);
      await alice.client.send(alice.account, bob.account.id, 'for Bob alone');
      const { messages, dropped } = await mallory.client.poll(mallory.account);
      expect([...messages, ...dropped]).toEqual([]);

      const node = firstOf(up().nodes);
      expect(await call(node, 'retrieve', { pubkey: bob.account.id })).toEqual({
        status: 401,
        text: 'retrieve: request signature required',
      });
      expect(await call(node, 'retrieve', retrieveSignedBy(mallory, bob))).toEqual({
        status: 401,
        text: 'retrieve signature verification failed',
      });
      expect((await call(node, 'retrieve', retrieveSignedBy(bob, bob))).status).toBe(200);
      await leave(alice, bob, mallory);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'tells a subscriber at each member of a message that came in at any, once, and lists itself in records',
    async () => {
      const [alice, bob] = await Promise.all([newPerson(up()), newPerson(up())]);
      const [one, other] = await Promise.all(up().nodes.slice(0, 2).map(openStream));
      if (one === undefined || other === undefined) throw new Error('there are seven');
      const heard = [one, other].map(heardOn);
      const options = { namespaces: [0], nowMs: Date.now() };
      await subscribe(one, bob.account, { ...options, wantsData: true });
      await subscribe(other, bob.account, options);
      const { hash } = await alice.client.send(alice.account, bob.account.id, 'of which Bob hears at once');
      await waitUntil('both to hear', TEST_TIMEOUT_MS, () => {
        expect(heard.map((messages) => messages.map((message) => message.hash))).toEqual([[hash], [hash]]);
      });
      expect(heard[0]?.[0]?.data?.length).toBeGreaterThan(0);
      expect(heard[1]?.[0]?.data).toBeNull();

      const store = aStoreInOpenInbox(AccountId.parse(bob.account.id), 'as JSON');
      expect((await one.call('store', JSON.stringify(store))).status).toBe(200);
      const page = (await other.call('retrieve', bencode({ pubkey: bob.account.id, namespace: -10 }))).bt();
      const [message] = (page as ReadonlyMap<string, ReadonlyMap<string, Uint8Array>[]>).get('messages') ?? [];
      expect(Buffer.from(message?.get('data') ?? []).toString()).toBe('as JSON');
      expect((await one.call('active_nodes_bin')).bytes).toHaveLength(NODES * 51);
      expect(heard.map((messages) => messages.length)).toEqual([1, 1]);
      await Promise.all([one.close(), other.close(), leave(alice, bob)]);
    },
    TEST_TIMEOUT_MS,
  );

  it('is described by its info file', () => {
    const info = JSON.parse(readFileSync(join(up().dir, '..', 'info.json'), 'utf8')) as { nodes: object[] };
    expect(info).toMatchObject({
      seed_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as unknown,
      redis_url: expect.stringMatching(/^redis:\/\/127\.0\.0\.1:\d+$/) as unknown,
      nats_url: expect.stringMatching(/^nats:\/\/127\.0\.0\.1:\d+$/) as unknown,
    });
    expect(info.nodes).toHaveLength(NODES);
    for (const node of info.nodes) {
      expect(node).toMatchObject({
        ip: '127.0.0.1',
        https_port: A_NUMBER,
        peer_port: A_NUMBER,
        pubkey_ed25519: HEX_64,
        pubkey_x25519: HEX_64,
        swarm_id: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown,
        pids: { relay: A_NUMBER, storage: A_NUMBER, swarm_manager: A_NUMBER },
        admin_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as unknown,
      });
    }
  });

  it(
    'says of every node and server that it is ready',
    async () => {
      const status = (await starling(['devnet', 'status', '--dir', up().dir])) as Record<'nodes' | 'servers', object[]>;
      expect(status).toMatchObject({ running: true, seed_url: up().seedUrl });
      expect(status.nodes).toHaveLength(NODES);
      for (const unit of [...status.nodes, ...status.servers]) expect(unit).toMatchObject({ state: 'ready' });
    },
    TEST_TIMEOUT_MS,
  );
});

/** Parameters of a retrieve of one person's messages with another's signature. */
function retrieveSignedBy({ account: signer }: Person, { account: owner }: Person): object {
  const timestamp = Date.now();
  const signature = noblePrimitives.ed25519Sign(utf8(`retrieve${timestamp}`), signer.ed25519);
  return {
    pubkey: owner.id,
    pubkey_ed25519: bytesToHex(signer.ed25519.publicKey),
    timestamp,
    signature: encodeBase64(signature),
  };
}
