import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bdecode, bencode, noblePrimitives, signingText, type Bencodable, type BValue } from '#protocol';
import { anOwner, networkOf, nodeKey, OWN_KEY, OWN_SEED, record } from './fake-swarm.js';
import { StorageUnderTest } from './storage-under-test.js';

const START_TIMEOUT_MS = 60_000;
const DAY_MS = 86_400_000;
const NAMESPACE = 42;
const { pair: OWNER, hex: ACCOUNT } = anOwner(true);
const PUBKEY = Buffer.from(ACCOUNT, 'hex');
const DATA = Buffer.from([0, 1, 2, 0xff, 0xfe, 0x65]);

const sign = (message: Uint8Array): Uint8Array => noblePrimitives.ed25519Sign(message, OWNER);

const storeOf = (data: Uint8Array): Record<string, Bencodable> => {
  const timestamp = Date.now();
  const signature = sign(signingText.store(NAMESPACE, timestamp));
  return { pubkey: PUBKEY, namespace: NAMESPACE, timestamp, ttl: DAY_MS, data, signature };
};
const retrieveOf = (namespace: number): Record<string, Bencodable> => {
  const timestamp = Date.now();
  return { pubkey: PUBKEY, namespace, timestamp, signature: sign(signingText.retrieve(namespace, timestamp)) };
};

type Dict = ReadonlyMap<string, BValue>;
const dict = (value: BValue | undefined): Dict => value as Dict;
const text = (value: BValue | Uint8Array | undefined): string => Buffer.from(value as Uint8Array).toString();

describe('calls from a stream', () => {
  let service: StorageUnderTest;
  beforeAll(async () => {
    service = await StorageUnderTest.start(OWN_SEED);
    await service.publish(networkOf([]));
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    expect(service.log.faults).toEqual([]);
    await service.stop();
  });

  const ask = (method: string, body: Uint8Array) => service.send({ source: 'stream', method, body });
  const askBt = async (method: string, params: Bencodable): Promise<{ status: number; dict: Dict }> => {
    const { status, kind, body } = await ask(method, bencode(params));
    expect(kind).toBe('json');
    return { status, dict: bdecode(body) as Dict };
  };

  it('20: without parameters are answered in JSON', async () => {
    const { status, kind, body } = await ask('info', new Uint8Array());
    expect([status, kind]).toEqual([200, 'json']);
    expect(Object.keys(JSON.parse(text(body)) as object)).toEqual(['hf', 't', 'timestamp', 'version']);
  });

  it('21: with a dictionary are answered with one', async () => {
    const { status, dict: body } = await askBt('info', {});
    expect([status, body.get('version')]).toEqual([200, [2, 8, 0]]);
  });

  it('22: with neither are refused', async () => {
    const { status, kind, body } = await ask('info', Buffer.from('xyz'));
    expect([status, kind, text(body)]).toEqual([400, 'text', 'invalid body: expected json or bt_dict']);
  });

  it.each([
    ['45', { ...storeOf(DATA), signature: Buffer.alloc(63) }, 'invalid signature: expected 64-byte Ed25519 signature'],
    ['63', storeOf(Buffer.alloc(76_801)), 'Message body exceeds maximum allowed length of 76800 bytes'],
  ])('%s: name what is wrong in the words of bencode', async (_case, params, problem) => {
    const { status, body } = await ask('store', bencode(params));
    expect([status, text(body)]).toEqual([400, `invalid request: ${problem}`]);
  });

  it('145: store and retrieve bytes as they are, with flags as numbers and signatures as bytes', async () => {
    const stored = await askBt('store', storeOf(DATA));
    expect(stored.status).toBe(200);
    const hash = stored.dict.get('hash') as Uint8Array;
    const own = dict(dict(stored.dict.get('swarm')).get(OWN_KEY.id));
    const signature = own.get('signature') as Uint8Array;
    expect(signature).toHaveLength(64);
    expect(noblePrimitives.ed25519Verify(signature, hash, OWN_KEY.ed25519.publicKey)).toBe(true);

    const { dict: page } = await askBt('retrieve', retrieveOf(NAMESPACE));
    expect(page.get('more')).toBe(0);
    const [message] = page.get('messages') as Dict[];
    expect(Buffer.from(message?.get('data') as Uint8Array)).toEqual(DATA);
    expect(message?.get('hash')).toEqual(hash);
  });

  it('230: answer the parts of a batch as JSON would, in bencode', async () => {
    const requests = [
      { method: 'store', params: storeOf(Buffer.from('in a batch')) },
      { method: 'retrieve', params: retrieveOf(NAMESPACE) },
      { method: 'retrieve', params: { pubkey: PUBKEY } },
      { method: 'active_nodes_bin', params: {} },
    ];
    const { dict: body } = await askBt('batch', { requests });
    const results = (body.get('results') as Dict[]).map((result) => [result.get('code'), result.get('body')] as const);
    expect(results.map(([code]) => code)).toEqual([200, 200, 401, 200]);
    const own = dict(dict(dict(results[0]?.[1]).get('swarm')).get(OWN_KEY.id));
    expect(text(own.get('signature'))).toMatch(/^[A-Za-z0-9+/]{86}==$/);
    const [first] = dict(results[1]?.[1]).get('messages') as Dict[];
    expect(text(first?.get('data'))).toBe(DATA.toString('base64'));
    expect(text(results[2]?.[1])).toBe('retrieve: request signature required');
    expect(Buffer.from(text(results[3]?.[1]), 'base64')).toHaveLength(2 * 51);
  });

  it('tell the way to another swarm in the encoding of the request', async () => {
    const elsewhere = { ...retrieveOf(0), pubkey: Buffer.from(anOwner(false).hex, 'hex') };
    const { status, dict: body } = await askBt('retrieve', elsewhere);
    expect([status, body.get('snodes')]).toEqual([421, [expect.any(Map)]]);
  });

  it('answer the branch of an ifelse in bencode', async () => {
    const { dict: body } = await askBt('ifelse', {
      if: { hf_at_least: 1 },
      then: { method: 'info', params: {} },
    });
    expect([body.get('condition'), dict(body.get('result')).get('code')]).toEqual([1, 200]);
    expect([...dict(dict(body.get('result')).get('body')).keys()]).toEqual(['hf', 't', 'timestamp', 'version']);
  });
});

describe('active_nodes_bin', () => {
  let service: StorageUnderTest;
  beforeAll(async () => {
    service = await StorageUnderTest.start(OWN_SEED);
  }, START_TIMEOUT_MS);
  afterAll(() => service.stop());

  const bytesOf = async (): Promise<Uint8Array> => {
    const body = Buffer.from('{"method":"active_nodes_bin","params":{}}');
    const answer = await service.send({ source: 'client', method: null, body });
    expect([answer.status, answer.kind]).toEqual([200, 'binary']);
    return answer.body;
  };

  it('is empty without a membership, and follows each change of it', async () => {
    expect(await bytesOf()).toHaveLength(0);
    await service.publish(networkOf([record(nodeKey(0x31)), record(nodeKey(0x32), { state: 'decommissioned' })]));
    const three = await bytesOf();
    expect(three).toHaveLength(3 * 51);
    expect(Buffer.from(three.subarray(0, 32)).toString('hex')).toBe(OWN_KEY.id);
    await service.publish(networkOf([]));
    expect(await bytesOf()).toHaveLength(2 * 51);
  });
});
