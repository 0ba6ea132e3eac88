import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { CONTRACT_VERSION, decodeRpcAnswer, encodeRpcCall, SUBJECTS, type RpcAnswer } from '#contracts';
import { StorageUnderTest } from './storage-under-test.js';

const START_TIMEOUT_MS = 60_000;
const ASK_TIMEOUT_MS = 9_000;

describe('storage, asked by a relay of another contract version', () => {
  let storage: StorageUnderTest;
  let relay: NatsConnection;
  beforeAll(async () => {
    storage = await StorageUnderTest.start('0f'.repeat(32));
    relay = await connect({ servers: storage.nats.url });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await relay.close();
    await storage.stop();
    expect(storage.log.faults).toEqual([]);
  });

  async function ask(version: number): Promise<RpcAnswer> {
    const body = Buffer.from('{"method":"info","params":{}}');
    const frame = encodeRpcCall({ source: 'client', budgetMs: ASK_TIMEOUT_MS, method: null, body });
    frame[0] = version;
    return decodeRpcAnswer((await relay.request(SUBJECTS.storageRpc, frame, { timeout: ASK_TIMEOUT_MS })).data);
  }

  it('serves one of the next version, and refuses one that is further away; both are counted, and named once', async () => {
    expect((await ask(CONTRACT_VERSION)).status).toBe(200);
    expect(await storage.metrics()).toMatch(/^bus_other_version_messages_total\{relation="newer",outcome="used"\} 0$/m);
    for (const version of [CONTRACT_VERSION + 1, CONTRACT_VERSION + 2]) {
      const expected = version === CONTRACT_VERSION + 1 ? 200 : 503;
      for (let time = 0; time < 2; time++) expect((await ask(version)).status).toBe(expected);
    }
    for (const outcome of ['used', 'refused'])
      expect(await storage.metrics()).toContain(
        `\nbus_other_version_messages_total{relation="newer",outcome="${outcome}"} 2\n`,
      );
    const lines = storage.log.lines.filter(({ event }) => event === 'other_contract_version');
    expect(lines.map(({ level, fields }) => [level, fields.version, fields.reason])).toEqual([
      ['info', '2', 'a service of this node speaks a newer version of the contract; it is worked with'],
      ['warn', '3', 'a service of this node speaks a version of the contract that is too new; upgrade this one'],
    ]);
  });
});
