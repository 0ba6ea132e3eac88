import { describe, expect, it } from '@jest/globals';
import { noblePrimitives } from '#protocol';
import type { Primitives } from '#protocol';
import { FakeSessionNetwork } from '../../../test/fakes/session-network.js';
import { Account } from './account/account.js';
import { openStream, sealStream, STREAM_USE } from './attachments/stream-attachment.js';
import { Client } from './client.js';
import { decodeMessage } from './messages/decode-message.js';

/** The same bytes as a Buffer at an odd place in shared memory, as native back ends may give them. */
function oddBuffer(bytes: Uint8Array): Buffer {
  const whole = Buffer.alloc(bytes.length + 1);
  whole.set(bytes, 1);
  return whole.subarray(1);
}

const primitives = new Proxy(noblePrimitives, {
  get(target, name) {
    const member: unknown = Reflect.get(target, name);
    if (typeof member !== 'function') return member;
    return (...values: unknown[]): unknown => {
      const result: unknown = Reflect.apply(member, target, values);
      return result instanceof Uint8Array ? oddBuffer(result) : result;
    };
  },
}) satisfies Primitives;
const random = (length: number): Uint8Array => oddBuffer(crypto.getRandomValues(new Uint8Array(length)));

describe('with a back end that gives Buffers at odd places', () => {
  it('accounts are the same, and nothing is written into what the back end gave', () => {
    const made = Account.generate((length) => oddBuffer(new Uint8Array(length).fill(3)), primitives);
    const usual = Account.generate((length) => new Uint8Array(length).fill(3));
    expect([made.id, made.mnemonic()]).toEqual([usual.id, usual.mnemonic()]);
    expect(Buffer.compare(made.x25519.secretKey, usual.x25519.secretKey)).toBe(0);
  });

  it('a message arrives', async () => {
    const network = new FakeSessionNetwork({ nodes: 4, now: () => Date.now() });
    const clock = { now: () => Date.now(), monotonicMs: () => performance.now() };
    const { seedUrl, post } = network;
    const client = await Client.connect({ seedUrl, post, random, clock, primitives, singleHost: true });
    const [alice, bob] = [Account.generate(random, primitives), Account.generate(random, primitives)];
    const { hash } = await client.send(alice, bob.id, 'hello');
    const { messages } = await client.poll(bob);
    expect(messages).toMatchObject([{ hash, senderId: alice.id, content: { dataMessage: { body: 'hello' } } }]);
    const stored = network.nodes[0]?.mailboxes.get(bob.id)?.[0]?.data ?? '';
    expect(decodeMessage(oddBuffer(Buffer.from(stored, 'base64')), bob, { primitives }).kind).toBe('message');
  });

  it('a stream opens', () => {
    const file = oddBuffer(new Uint8Array(70_000).fill(9));
    const { blob, key } = sealStream(oddBuffer(new Uint8Array(32)), file, STREAM_USE.attachment);
    expect(Buffer.compare(openStream(oddBuffer(blob), oddBuffer(key)) ?? new Uint8Array(), file)).toBe(0);
  });
});
