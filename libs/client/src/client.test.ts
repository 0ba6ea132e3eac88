import { describe, expect, it } from '@jest/globals';
import { FakeSessionNetwork } from '../../../test/fakes/session-network.js';
import type { FakeNode } from '../../../test/fakes/session-network.js';
import { Account } from './account/account.js';
import { Client } from './client.js';
import type { ClientOptions } from './client-options.js';
import { ClientError } from './errors.js';
import { EmptyMessage, InvalidRecipient } from './messages/encode-message.js';
import type { TraceEvent } from './network/trace.js';

const START_MS = 1_700_000_000_000;
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const alice = Account.generate((length) => new Uint8Array(length).fill(1));
const bob = Account.generate((length) => new Uint8Array(length).fill(2));

interface World {
  readonly network: FakeSessionNetwork;
  readonly client: Client;
  readonly trace: TraceEvent[];
  readonly time: { nowMs: number; skewMs: number };
  /** The requests that reached a destination, in order. */
  readonly requests: () => (TraceEvent & { kind: 'request' })[];
}

async function world(nodes: number, options: Partial<ClientOptions> = {}): Promise<World> {
  const time = { nowMs: START_MS, skewMs: 0 };
  const network = new FakeSessionNetwork({ nodes, now: () => time.nowMs });
  const trace: TraceEvent[] = [];
  const clock = { now: () => time.nowMs + time.skewMs, monotonicMs: () => time.nowMs };
  const client = await Client.connect({
    seedUrl: network.seedUrl,
    random,
    clock,
    singleHost: true,
    post: network.post,
    pause: () => Promise.resolve(),
    onTrace: (event) => trace.push(event),
    ...options,
  });
  return { network, client, trace, time, requests: () => trace.filter((event) => event.kind === 'request') };
}

const textsOf = (result: Awaited<ReturnType<Client['poll']>>): string[] =>
  result.messages.map(({ content }) => content.dataMessage?.body ?? '');

describe('Client', () => {
  it('carries a message through three hops into the swarm and out again', async () => {
    const { client, network, requests } = await world(7);
    const sent = await client.send(alice, bob.id, 'hello', { displayName: 'Alice' });
    expect(sent.answers).toHaveLength(7);
    expect(sent.answers.every(({ outcome }) => outcome === 'kept')).toBe(true);
    expect(sent.attempts).toBe(1);

    const received = await client.poll(bob);
    expect(received.messages).toMatchObject([
      { senderId: alice.id, sentMs: sent.sentMs, hash: sent.hash, content: { dataMessage: { body: 'hello' } } },
    ]);
    for (const { hops, destination, outcome } of requests()) {
      expect(outcome).toBe('ok');
      expect(new Set([...hops, destination].map(({ key }) => key)).size).toBe(4);
    }
    const methods = ['batch[get_swarm]', 'sequence[store]', 'batch[retrieve]', 'batch[retrieve]'];
    expect(requests().map(({ method }) => method)).toEqual(methods);
    expect(
      network.requests.every(({ url }) => url.startsWith('https://127.0.0.1:') || url.startsWith('http://seed')),
    ).toBe(true);
    await client.close();
  });

  it('delivers each message once, and again when it was not committed', async () => {
    const { client } = await world(5);
    await client.send(alice, bob.id, 'one');
    expect(textsOf(await client.poll(bob))).toEqual(['one']);
    const again = await client.poll(bob);
    expect(textsOf(again)).toEqual(['one']);
    await again.commit();
    await client.send(alice, bob.id, 'two');
    expect(textsOf(await client.poll(bob))).toEqual(['two']);
  });

  it('gives two messages of one millisecond two times', async () => {
    const { client } = await world(4);
    const first = await client.send(alice, bob.id, 'one');
    const second = await client.send(alice, bob.id, 'two');
    expect(second.sentMs).toBe(first.sentMs + 1);
    expect(textsOf(await client.poll(bob))).toEqual(['one', 'two']);
  });

  it('stores a copy for own devices when it is asked to', async () => {
    const { client } = await world(4);
    const sent = await client.send(alice, bob.id, 'hello', { syncCopy: true });
    expect(sent.syncCopy?.answers).toHaveLength(4);
    const { messages } = await client.poll(alice);
    expect(messages).toMatchObject([{ senderId: alice.id, conversationId: bob.id, sentMs: sent.sentMs }]);
  });

  it('writes a note to self as one message', async () => {
    const { client } = await world(4);
    await client.send(alice, alice.id, 'remember', { syncCopy: true });
    const { messages } = await client.poll(alice);
    expect(messages).toMatchObject([
      { senderId: alice.id, conversationId: alice.id, content: { dataMessage: { syncTarget: alice.id } } },
    ]);
  });

  it.each([3, 4, 5])('works with %d nodes', async (nodes) => {
    const { client, requests } = await world(nodes);
    await client.send(alice, bob.id, 'hello');
    expect(textsOf(await client.poll(bob))).toEqual(['hello']);
    for (const { hops } of requests()) expect(hops).toHaveLength(Math.min(3, nodes - 1));
  });

  it('refuses a recipient that is no Account ID before anything is sent', async () => {
    const { client, network } = await world(3);
    await expect(client.send(alice, 'bob', 'x')).rejects.toThrow(InvalidRecipient);
    await expect(client.swarmOf('05')).rejects.toThrow(InvalidRecipient);
    await expect(client.send(alice, bob.id, '')).rejects.toThrow(EmptyMessage);
    expect(network.requests).toHaveLength(1); // the seed
  });

  it('finds a swarm', async () => {
    const { client, network } = await world(6);
    network.swarmOf = () => network.nodes.slice(0, 3);
    const swarm = await client.swarmOf(bob.id.toUpperCase());
    expect(swarm.id).toBe('7fffffffffffffff');
    expect(swarm.members.map(({ ed25519 }) => ed25519)).toEqual(network.nodes.slice(0, 3).map(({ key }) => key.id));
  });
});

describe('a network with faults', () => {
  /** Breaks the hop at this position of the path that was used last. */
  const breakHop = ({ network, requests }: World, position: number, fault: FakeNode['fault']): FakeNode => {
    const hop = requests().at(-1)?.hops[position];
    const node = network.nodes.find(({ key }) => key.id.startsWith(hop?.key ?? '-'));
    if (!node) throw new Error('no such hop');
    node.fault = fault;
    return node;
  };

  it.each([
    ['the guard is gone', 0, 'down'],
    ['the guard never answers', 0, 'silent'],
    ['the guard is busy', 0, 'busy'],
    ['the second hop is gone', 1, 'down'],
    ['the third hop never answers', 2, 'silent'],
    ['the third hop is not ready', 2, 'not-ready'],
  ] as const)('another path is taken when %s', async (_name, position, fault) => {
    const there = await world(9);
    const { client, network, requests } = there;
    // Only these keep messages, and none of them is on the first path, so that paths alone are at fault.
    await client.swarmOf(alice.id);
    const used =
      requests()
        .at(-1)
        ?.hops.map(({ key }) => key) ?? [];
    network.swarmOf = () => network.nodes.filter(({ key }) => !used.includes(key.id.slice(0, 8))).slice(0, 3);
    const broken = breakHop(there, position, fault);
    await client.send(alice, bob.id, 'hello');
    expect(textsOf(await client.poll(bob))).toEqual(['hello']);
    const last = requests().at(-1);
    expect(last?.outcome).toBe('ok');
    expect(last?.hops.map(({ key }) => key)).not.toContain(broken.key.id.slice(0, 8));
  });

  it('a dead node in a network of three is worked around with shorter paths', async () => {
    const there = await world(3);
    await there.client.swarmOf(bob.id);
    breakHop(there, 1, 'down');
    const { answers } = await there.client.send(alice, bob.id, 'hello');
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['failed', 'kept', 'kept']);
    expect(textsOf(await there.client.poll(bob))).toEqual(['hello']);
  });

  it('another member is asked when one answers 421, with the swarm that it names', async () => {
    const { client, network } = await world(8);
    network.swarmOf = () => network.nodes.slice(0, 4);
    await client.swarmOf(bob.id);
    network.swarmOf = () => network.nodes.slice(4);
    const sent = await client.send(alice, bob.id, 'hello');
    expect(sent.attempts).toBe(2);
    expect(textsOf(await client.poll(bob))).toEqual(['hello']);
  });

  it('a member that fails is replaced by another one', async () => {
    const { client, network } = await world(8);
    let failures = 2;
    for (const node of network.nodes) {
      node.override = (method) => (method === 'store' && failures-- > 0 ? { status: 500, body: 'oops' } : undefined);
    }
    expect((await client.send(alice, bob.id, 'hello')).attempts).toBe(3);
  });

  it('what less than half of the members prove is not stored', async () => {
    const { client, network } = await world(8);
    for (const node of network.nodes) {
      node.override = (method, params) =>
        method === 'store' ? { status: 200, body: { hash: String(params.data), swarm: {}, t: START_MS } } : undefined;
    }
    await expect(client.send(alice, bob.id, 'hello')).rejects.toThrow(/not stored in 3 attempts/);
  });

  it('a wrong local clock is corrected by the network', async () => {
    const { client, time } = await world(4);
    time.skewMs = 3_600_000;
    const sent = await client.send(alice, bob.id, 'hello');
    expect(sent.sentMs).toBe(START_MS);
    expect(textsOf(await client.poll(bob))).toEqual(['hello']);
  });

  it('a clock that jumps later is corrected after the first refusal', async () => {
    const { client, time } = await world(4);
    await client.poll(bob);
    time.skewMs = -3_600_000;
    expect((await client.poll(bob)).messages).toEqual([]);
    time.skewMs = 7_200_000;
    await client.send(alice, bob.id, 'hello');
  });

  it('with all nodes gone every operation says so in a sentence', async () => {
    const { client, network } = await world(5);
    for (const node of network.nodes) node.fault = 'down';
    for (const attempt of [client.send(alice, bob.id, 'x'), client.poll(bob), client.swarmOf(bob.id)]) {
      await expect(attempt).rejects.toThrow(ClientError);
      await expect(attempt).rejects.toThrow(/^[A-Z].*\.$/);
    }
  });

  it('comes back when the nodes do', async () => {
    const { client, network, time } = await world(5);
    for (const node of network.nodes) node.fault = 'down';
    await expect(client.send(alice, bob.id, 'x')).rejects.toThrow(ClientError);
    for (const node of network.nodes) node.fault = 'none';
    time.nowMs += 61_000;
    await client.send(alice, bob.id, 'hello');
  });
});

describe('what a client never shows', () => {
  it('accounts, hashes and contents in its trace', async () => {
    const { client, trace } = await world(5);
    const { hash } = await client.send(alice, bob.id, 'a secret text');
    await client.poll(bob);
    const seen = JSON.stringify(trace);
    for (const secret of [alice.id, bob.id, alice.id.slice(2), hash, 'a secret text', alice.mnemonic()]) {
      expect(seen).not.toContain(secret);
    }
  });
});
