import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { bdecode, bencode } from '#protocol';
import { DAY_MS } from '../calls.js';
import type { ConformanceNetwork } from '../conformance-network.js';
import { hashOf, isSigned } from '../oracle.js';
import { Owner } from '../people.js';
import { StreamClient, type Parts } from '../stream-client.js';
import type { Fields } from '../wishes.js';

const MAX_DATA_BYTES = 76_800;

type Dict = ReadonlyMap<string, unknown>;

const dictOf = (parts: Parts): Dict => {
  expect(parts).toHaveLength(1);
  return bdecode(parts[0] ?? Buffer.alloc(0)) as Dict;
};
const textOf = (bytes: unknown): string => Buffer.from(bytes as Uint8Array).toString();
const textsOf = (parts: Parts): string[] => parts.map(textOf);

/** Who an account is and what it signs, as bytes. */
const signed = (owner: Owner, text: string, fields: Fields): Fields => ({
  pubkey: Buffer.from(owner.account, 'hex'),
  signature: owner.signature(text),
  ...fields,
});

const aStore = (owner: Owner, data: Uint8Array, timestamp: number): Fields =>
  signed(owner, `store42${timestamp}`, { data, namespace: 42, timestamp, ttl: DAY_MS });

/** What clients of the message dialect see: docs/protocol/stream.md and storage-rpc.md §1.3, §1.7. */
export function streamCases(network: () => ConformanceNetwork): void {
  let stream: StreamClient;
  beforeAll(async () => {
    stream = await StreamClient.open(network().entry.info.https_port);
  });
  afterAll(() => stream.close());
  const ask = (method: string, fields: Fields): Promise<Parts> => stream.request(`storage.${method}`, bencode(fields));

  it('20 stream: info without a part is answered in JSON', async () => {
    const parts = await stream.request('storage.info');
    expect(parts).toHaveLength(1);
    expect(JSON.parse(textOf(parts[0]))).toMatchObject({ hf: [19, 4], version: [2, 8, 0] });
  });

  it('21 stream: info with an empty dictionary is answered in bencode', async () => {
    const info = dictOf(await ask('info', {}));
    expect([...info.keys()]).toEqual(['hf', 't', 'timestamp', 'version']);
    expect([info.get('hf'), info.get('version')]).toEqual([
      [19, 4],
      [2, 8, 0],
    ]);
    expect([typeof info.get('t'), typeof info.get('timestamp')]).toEqual(['number', 'number']);
  });

  it('22 stream: a part that is neither is refused', async () => {
    const parts = await stream.request('storage.info', 'xyz');
    expect(textsOf(parts)).toEqual(['400', 'invalid body: expected json or bt_dict']);
  });

  it('23 stream: two parts are refused', async () => {
    const parts = await stream.request('storage.info', '{}', '{}');
    expect(textsOf(parts)).toEqual(['400', 'Invalid request: expected 1 message parts, received 2']);
  });

  it('45 stream: a signature of 63 bytes is refused', async () => {
    const owner = Owner.plain();
    const timestamp = Date.now();
    const signature = owner.signature(`delete_all${timestamp}`).subarray(1);
    const parts = await ask('delete_all', { ...signed(owner, '', { timestamp }), signature });
    expect(textsOf(parts)).toEqual(['400', 'invalid request: invalid signature: expected 64-byte Ed25519 signature']);
  });

  it('63 stream: one byte more than a message may have is refused', async () => {
    const parts = await ask('store', aStore(Owner.plain(), Buffer.alloc(MAX_DATA_BYTES + 1), Date.now()));
    expect(textsOf(parts)).toEqual([
      '400',
      'invalid request: Message body exceeds maximum allowed length of 76800 bytes',
    ]);
  });

  it('145 stream: data come as bytes, and whether there is more as a number', async () => {
    const owner = Owner.plain();
    const timestamp = Date.now();
    const data = ['first', 'second'].map((text) => Buffer.from(`${text}\0\xff`, 'latin1'));
    for (const each of data) dictOf(await ask('store', aStore(owner, each, timestamp)));
    for (const [count, more] of [
      [1, 1],
      [2, 0],
    ] as const) {
      const fields = { namespace: 42, timestamp, max_count: count };
      const page = dictOf(await ask('retrieve', signed(owner, `retrieve42${timestamp}`, fields)));
      expect([...page.keys()]).toEqual(['hf', 'messages', 'more', 't']);
      expect(page.get('more')).toBe(more);
      const messages = (page.get('messages') as Dict[]).map((each) => ({
        data: Buffer.from(each.get('data') as Uint8Array),
        expiration: each.get('expiration'),
        hash: textOf(each.get('hash')),
        timestamp: each.get('timestamp'),
      }));
      expect(messages).toEqual(
        data.slice(0, count).map((each) => ({
          data: each,
          expiration: timestamp + DAY_MS,
          hash: hashOf(owner.account, 42, each),
          timestamp,
        })),
      );
    }
  });

  it('230 stream: the parts of a batch are answered with base64 inside (Q-01)', async () => {
    const owner = Owner.plain();
    const timestamp = Date.now();
    const data = ['1', '2'].map((text) => Buffer.from(text));
    const requests = data.map((each) => ({ method: 'store', params: aStore(owner, each, timestamp) }));
    const reply = dictOf(await ask('batch', { requests }));
    expect([...reply.keys()]).toEqual(['results']);
    const results = reply.get('results') as Dict[];
    expect(results.map((each) => each.get('code'))).toEqual([200, 200]);
    for (const [index, each] of data.entries()) {
      const body = results[index]?.get('body') as Dict;
      const hash = hashOf(owner.account, 42, each);
      expect(textOf(body.get('hash'))).toBe(hash);
      const swarm = body.get('swarm') as ReadonlyMap<string, Dict>;
      expect([...swarm.keys()].sort()).toEqual(
        network()
          .members.map(({ ed25519 }) => ed25519)
          .sort(),
      );
      for (const [id, entry] of swarm) expect(isSigned(id, textOf(entry.get('signature')), hash)).toBe(true);
    }
  });
}
