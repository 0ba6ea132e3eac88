import { expect } from '@jest/globals';
import { call } from '../calls.js';
import { story, unreadable, type Case } from '../case.js';
import { Owner } from '../people.js';
import type { Scene } from '../scene.js';
import type { TestNode } from '#testing';

const SNODE_KEYS = [
  'address',
  'ip',
  'port',
  'port_https',
  'port_omq',
  'port_quic',
  'pubkey_ed25519',
  'pubkey_legacy',
  'pubkey_x25519',
];

type Snode = Readonly<Record<string, unknown>>;

/** That the answer describes exactly these nodes. */
function expectSwarm(at: Scene, body: Readonly<Record<string, unknown>>, nodes: readonly TestNode[]): void {
  expect(Object.keys(body).sort()).toEqual(['hf', 'snodes', 'swarm', 't']);
  at.expectCommon(body);
  expect(body.swarm).toBe(nodes[0]?.swarmId);
  const byKey = (a: Snode, b: Snode): number => String(a.pubkey_ed25519).localeCompare(String(b.pubkey_ed25519));
  const snodes = (body.snodes as Snode[]).toSorted(byKey);
  for (const snode of snodes) expect(Object.keys(snode).sort()).toEqual(SNODE_KEYS);
  const expected = nodes.map(({ info }) => ({
    ip: info.ip,
    port: String(info.https_port),
    port_https: info.https_port,
    port_omq: info.peer_port,
    port_quic: info.peer_port,
    pubkey_ed25519: info.pubkey_ed25519,
    pubkey_x25519: info.pubkey_x25519,
    pubkey_legacy: expect.stringMatching(/^[0-9a-f]{64}$/),
    address: expect.stringMatching(/^[13-9a-km-uw-z]{52}\.snode$/),
  }));
  expect(snodes).toEqual(expected.toSorted(byKey));
}

export const SWARM: readonly Case[] = [
  story(220, 'get_swarm describes the members', async (at) => {
    const body = await at.ok(call('get_swarm', { pubkey: Owner.person().account }));
    expectSwarm(at, body, at.network.members);
  }),
  story(221, 'get_snodes_for_pubkey is the same', async (at) => {
    const body = await at.ok(call('get_snodes_for_pubkey', { pubKey: Owner.person().account }));
    expectSwarm(at, body, at.network.members);
  }),
  story(222, 'get_swarm of an account of another swarm', async (at) => {
    expectSwarm(at, await at.ok(call('get_swarm', { pubkey: Owner.elsewhere().account })), at.network.others);
  }),
  story(223, 'get_swarm with fields that nobody knows', async (at) => {
    const body = await at.ok(call('get_swarm', { pubkey: Owner.person().account, params: { active_only: true } }));
    expectSwarm(at, body, at.network.members);
  }),
  unreadable(
    225,
    'oxend_request to a question that is not passed on',
    () => call('oxend_request', { endpoint: 'get_info' }),
    "Invalid oxend endpoint 'get_info'",
  ),
  story(226, 'oxend_request tells the nodes of the network', async (at) => {
    const fields = { public_ip: true, storage_port: true, pubkey_x25519: true, pubkey_ed25519: true };
    const params = { active_only: true, fields };
    const body = await at.ok(call('oxend_request', { endpoint: 'get_service_nodes', params }));
    at.expectCommon(body);
    const { service_node_states: states } = body.result as { service_node_states: Snode[] };
    const expected = [...at.network.members, ...at.network.others].map(({ info }) => ({
      public_ip: info.ip,
      storage_port: info.https_port,
      pubkey_x25519: info.pubkey_x25519,
      pubkey_ed25519: info.pubkey_ed25519,
    }));
    expect(states).toHaveLength(expected.length);
    expect(states).toEqual(expect.arrayContaining(expected));
  }),
];
