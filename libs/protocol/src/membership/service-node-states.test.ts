import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BadRequest } from '../errors.js';
import { parseJson, stringifyJson, type JsonObject, type JsonValue } from '../json.js';
import type { NetworkSnapshot, NodeRecord } from '../swarm/network-view.js';
import { INVALID_SWARM_ID } from '../swarm/swarm-space.js';
import { serviceNodeStates } from './service-node-states.js';

const NODES = 9;
const nodes = Array.from({ length: NODES }, (_none, at): NodeRecord => ({
  ed25519: `${at}a`.repeat(32),
  x25519: `${at}b`.repeat(32),
  ip: '127.0.0.1',
  httpsPort: 100 + at,
  peerPort: 200 + at,
  state: 'active',
  swarmId: 9_223_372_036_854_775_809n,
  version: [2, 8, 0],
}));
const away: NodeRecord = {
  ...(nodes[0] as NodeRecord),
  ed25519: 'ff'.repeat(32),
  state: 'decommissioned',
  swarmId: INVALID_SWARM_ID,
};
const blockHash = '0a5e0ab0399859207a1788279a058047efcd5e2d72283f4261f00efd75d1ca52';
const snapshot: NetworkSnapshot = { height: 1000, blockHash, hardfork: [19, 4], nodes: [...nodes, away] };

/** Not random at all, but different at every call. */
const counter = (): ((length: number) => Uint8Array) => {
  let calls = 0;
  return (length) => new Uint8Array(length).fill((calls += 37));
};
const ask = (params: JsonValue): JsonObject => serviceNodeStates(snapshot, params, counter());
const states = (params: JsonValue): readonly JsonObject[] => ask(params).service_node_states as readonly JsonObject[];
const keys = (params: JsonValue): unknown[] => states(params).map((state) => state.service_node_pubkey);
const listed = snapshot.nodes.map(({ ed25519 }) => ed25519);

describe('serviceNodeStates', () => {
  it('tells everything when nothing is asked for', () => {
    const { service_node_states: all, ...top } = ask(null);
    expect(top).toEqual({
      height: 1000,
      status: 'OK',
      block_hash: blockHash,
      hardfork: 19,
      snode_revision: 4,
      target_height: 1000,
    });
    expect((all as readonly JsonObject[])[0]).toEqual({
      service_node_pubkey: nodes[0]?.ed25519,
      pubkey_ed25519: nodes[0]?.ed25519,
      pubkey_x25519: nodes[0]?.x25519,
      public_ip: '127.0.0.1',
      storage_port: 100,
      storage_lmq_port: 200,
      storage_server_version: [2, 8, 0],
      swarm_id: 9_223_372_036_854_775_809n,
      swarm: '8000000000000001',
      funded: true,
      active: true,
      requested_unlock_height: 0,
    });
    expect(keys(null)).toEqual(listed);
  });

  it('answers a bootstrapping client with exactly what it asked for', () => {
    const fields = {
      public_ip: true,
      storage_port: true,
      pubkey_x25519: true,
      pubkey_ed25519: true,
      requested_unlock_height: true,
    };
    const result = ask({ active_only: true, fields: { ...fields, height: true } });
    expect(Object.keys(result).sort()).toEqual(['height', 'service_node_states', 'status']);
    for (const state of result.service_node_states as readonly JsonObject[]) {
      expect(Object.keys(state).sort()).toEqual(Object.keys(fields).sort());
    }
  });

  it('gives the height to those who did not ask for it', () => {
    expect(ask({ fields: ['public_ip'] }).height).toBe(1000);
  });

  it.each<[string, JsonValue, readonly string[]]>([
    ['a list', ['swarm', 'storage_port'], ['storage_port', 'swarm']],
    ['an object of flags', { swarm: true, storage_port: true, public_ip: false }, ['storage_port', 'swarm']],
    ['names that nobody knows', ['swarm', 'earned_downtime_blocks'], ['swarm']],
    ['names of what objects have by birth', ['toString', '__proto__'], []],
  ])('takes fields as %s', (_name, fields, expected) => {
    expect(Object.keys(states({ fields })[0] ?? {}).sort()).toEqual(expected);
  });

  it.each<[JsonValue]>([[[]], [['all']], [{}], [{ all: true }], [['swarm', 'all']], [{ swarm: false }]])(
    'takes %j for every field',
    (fields) => {
      expect(ask({ fields })).toEqual(ask(null));
    },
  );

  it('leaves out what is named with a minus', () => {
    const [state] = states({ fields: ['all', '-swarm', '-active'] });
    expect(state).not.toHaveProperty('swarm');
    expect(state).not.toHaveProperty('active');
    expect(state).toHaveProperty('swarm_id');
  });

  it('writes swarm ids as exact integers', () => {
    expect(stringifyJson(ask({ fields: ['swarm_id'] }))).toContain('{"swarm_id":9223372036854775809}');
    const [state] = states({ fields: ['swarm_id', 'swarm', 'active'], service_node_pubkeys: [away.ed25519] });
    expect(state).toEqual({ swarm_id: INVALID_SWARM_ID, swarm: 'ffffffffffffffff', active: false });
  });

  it('leaves decommissioned nodes out when only active ones are wanted', () => {
    expect(keys({ active_only: true })).toEqual(listed.slice(0, NODES));
    expect(keys({ active_only: false })).toEqual(listed);
  });

  it('gives the nodes that are named', () => {
    expect(keys({ service_node_pubkeys: [listed[2]?.toUpperCase() ?? '', 'ee'.repeat(32)] })).toEqual([listed[2]]);
    expect(keys({ service_node_pubkeys: [] })).toEqual(listed);
  });

  it('draws as many nodes as the limit says, each at most once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 255 })),
        (limit, bytes) => {
          const random = (length: number): Uint8Array =>
            Uint8Array.from({ length }, () => bytes.next().value as number);
          const result = serviceNodeStates(snapshot, { limit, fields: ['service_node_pubkey'] }, random);
          const drawn = (result.service_node_states as readonly JsonObject[]).map((state) => state.service_node_pubkey);
          expect(new Set(drawn).size).toBe(Math.min(limit, listed.length));
          expect(listed).toEqual(expect.arrayContaining(drawn));
        },
      ),
    );
  });

  it('shuffles all nodes for a limit below zero and none for zero', () => {
    expect(keys({ limit: -1 })).not.toEqual(listed);
    expect(keys({ limit: -1 }).sort()).toEqual([...listed].sort());
    expect(keys({ limit: 0 })).toEqual(listed);
  });

  it('says only that nothing changed to who polls with the present hash', () => {
    const recorded =
      '{"block_hash":"0a5e0ab0399859207a1788279a058047efcd5e2d72283f4261f00efd75d1ca52","hardfork":19,' +
      '"height":1000,"snode_revision":4,"status":"OK","unchanged":true}';
    expect(ask({ poll_block_hash: blockHash })).toEqual(parseJson(recorded));
  });

  it('tells all and the new hash to who polls with an old one', () => {
    const result = ask({ poll_block_hash: 'ee'.repeat(32), fields: ['swarm'] });
    expect(result).toMatchObject({ unchanged: false, block_hash: blockHash });
    expect(result.service_node_states).toHaveLength(listed.length);
    expect(ask({ poll_block_hash: '' })).toEqual(ask(null));
  });

  it.each<[JsonValue]>([
    [[1]],
    ['all'],
    [{ fields: 5 }],
    [{ fields: [1] }],
    [{ fields: { swarm: 1 } }],
    [{ fields: Array<string>(65).fill('swarm') }],
    [{ active_only: 'yes' }],
    [{ limit: '5' }],
    [{ poll_block_hash: 5 }],
    [{ service_node_pubkeys: 'all' }],
    [{ service_node_pubkeys: [5] }],
  ])('refuses %j in words', (params) => {
    expect(() => ask(params)).toThrow(BadRequest);
    expect(() => ask(params)).toThrow(/^Invalid request: /);
  });

  it('throws nothing else, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('fields', 'limit', 'active_only', 'poll_block_hash'),
        (value, name) => {
          for (const params of [value, { [name]: value }]) {
            try {
              ask(parseJson(JSON.stringify(params)));
            } catch (cause) {
              expect(cause).toBeInstanceOf(BadRequest);
            }
          }
        },
      ),
    );
  });
});
