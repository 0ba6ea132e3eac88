import { describe, expect, it } from '@jest/globals';
import type { NetworkSnapshot, NodeRecord } from '#protocol';
import { aNodeRecord } from '#testing';
import { answerSeedCall } from './seed-rpc.js';

const random = (count: number): Uint8Array => new Uint8Array(count).fill(1);

const node = (byte: string, swarmId: bigint, state: NodeRecord['state'] = 'active'): NodeRecord => {
  const keys = { ed25519: byte.repeat(32), x25519: byte.repeat(32) };
  return aNodeRecord({ ...keys, ip: '203.0.113.7', httpsPort: 22_021, peerPort: 22_020, state, swarmId });
};
const snapshot: NetworkSnapshot = {
  height: 7,
  blockHash: 'ab'.repeat(32),
  hardfork: [19, 4],
  nodes: [node('aa', 2n ** 63n), node('bb', 2n ** 64n - 2n), node('cc', 2n ** 64n - 1n, 'decommissioned')],
};
const ask = (call: unknown, known: NetworkSnapshot | undefined = snapshot): string =>
  answerSeedCall(Buffer.from(typeof call === 'string' ? call : JSON.stringify(call)), known, random);

describe('the seed', () => {
  it('gives the fields that are asked for and no others', () => {
    const fields = { public_ip: true, storage_port: true, pubkey_ed25519: true, pubkey_x25519: true };
    const params = { active_only: true, fields };
    const answer = JSON.parse(ask({ jsonrpc: '2.0', id: 5, method: 'get_n_service_nodes', params })) as object;
    expect(answer).toMatchObject({ jsonrpc: '2.0', id: 5, result: { height: 7, status: 'OK' } });
    const { result } = answer as { result: { service_node_states: object[] } };
    expect(result.service_node_states).toEqual(
      ['aa', 'bb'].map((byte) => ({
        public_ip: '203.0.113.7',
        storage_port: 22_021,
        pubkey_ed25519: byte.repeat(32),
        pubkey_x25519: byte.repeat(32),
      })),
    );
  });

  it('writes swarm ids of 64 bits without losing a digit', () => {
    const text = ask({ method: 'get_service_nodes', params: { fields: { swarm_id: true } } });
    expect(text).toContain('"swarm_id":9223372036854775808');
    expect(text).toContain('"swarm_id":18446744073709551614');
  });

  it.each(['get_service_nodes', 'get_n_service_nodes', 'get_all_service_nodes'])('knows the name %s', (method) => {
    expect(JSON.parse(ask({ method }))).toHaveProperty('result.service_node_states');
  });

  it('gives as many at random as are asked for', () => {
    const { result } = JSON.parse(ask({ method: 'get_n_service_nodes', params: { limit: 1 } })) as {
      result: { service_node_states: object[] };
    };
    expect(result.service_node_states).toHaveLength(1);
  });

  it.each([
    ['nonsense', 'no json', -32_700],
    ['a list', '[]', -32_600],
    ['no method', '{}', -32_600],
    ['a number for a method', '{"method":5}', -32_600],
    ['an unknown method', '{"method":"stop_daemon"}', -32_601],
    ['the name of a property of objects', '{"method":"toString"}', -32_601],
  ])('answers %s with an error', (_what, call, code) => {
    expect(JSON.parse(ask(call))).toMatchObject({ jsonrpc: '2.0', id: null, error: { code } });
  });

  it('says so while it knows no network', () => {
    const answer = answerSeedCall(Buffer.from('{"method":"get_service_nodes","id":1}'), undefined, random);
    expect(JSON.parse(answer)).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: { code: -32_000, message: 'No node list yet' },
    });
  });
});
