import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SystemClock } from '#platform';
import { buildOnion, encodeHopFrame, noblePrimitives, NodeKey } from '#protocol';
import { startNetwork, type TestNetwork } from '#testing';
import { PeerUnreachable, TlsPeerTransport } from '#transport';
import { Agent, request } from 'undici';
import { NETWORK_TIMEOUT_MS, TEST_TIMEOUT_MS } from './timeouts.js';

const PING_TIMEOUT_MS = 5_000;

describe('a network with a node that is not in its list', () => {
  let network: TestNetwork;
  beforeAll(async () => {
    const nodes = [1, 2, 3].map((number) => ({ name: `node-${number}` }));
    network = await startNetwork({
      networkFile: { nodes: [...nodes, { name: 'stranger', state: 'unlisted' as const }] },
    });
  }, NETWORK_TIMEOUT_MS);
  afterAll(() => network.stop(), NETWORK_TIMEOUT_MS);

  const seedOf = (name: string): Buffer =>
    Buffer.from(readFileSync(`${network.dir}/nodes/${name}/node.key`, 'utf8').trim(), 'hex');
  const peerOf = (name: string) => {
    const { ed25519, info } = network.node(name);
    return { ed25519, ip: info.ip, peerPort: info.peer_port };
  };

  it(
    'lets its members talk to each other and cuts the stranger off',
    async () => {
      const member = new TlsPeerTransport(seedOf('node-1'), new SystemClock());
      const stranger = new TlsPeerTransport(seedOf('stranger'), new SystemClock());
      await expect(member.ping(peerOf('node-2'), PING_TIMEOUT_MS)).resolves.toBeUndefined();
      await expect(stranger.ping(peerOf('node-2'), PING_TIMEOUT_MS)).rejects.toBeInstanceOf(PeerUnreachable);
      const frame = encodeHopFrame({
        data: randomBytes(64),
        encType: 'xchacha20',
        ephemeralKey: randomBytes(32),
        hopNo: 1,
      });
      await expect(stranger.onion(peerOf('node-2'), frame, PING_TIMEOUT_MS)).rejects.toBeInstanceOf(PeerUnreachable);
      await Promise.all([member.close(), stranger.close()]);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'does not relay to it',
    async () => {
      const stranger = NodeKey.fromSeed(seedOf('stranger'), noblePrimitives);
      const { body } = buildOnion(noblePrimitives, randomBytes, {
        path: [network.node('node-1')],
        destination: { ed25519: stranger.id, x25519: Buffer.from(stranger.x25519.publicKey).toString('hex') },
        payload: Buffer.from('{"method":"info","params":{}}'),
      });
      const answer = await request(`${network.node('node-1').url}/onion_req/v2`, {
        method: 'POST',
        body,
        dispatcher: new Agent({ connect: { rejectUnauthorized: false } }),
      });
      expect(answer.statusCode).toBe(502);
      expect(await answer.body.text()).toBe(`Next node not found: ${stranger.id}`);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'hears from the stranger itself that it is in no swarm',
    async () => {
      const answer = await request(`${network.node('stranger').url}/storage_rpc/v1`, {
        method: 'POST',
        body: '{"method":"info","params":{}}',
        dispatcher: new Agent({ connect: { rejectUnauthorized: false } }),
      });
      expect(answer.statusCode).toBe(503);
      expect(await answer.body.text()).toBe('Service node is not ready: not in any swarm\n');
    },
    TEST_TIMEOUT_MS,
  );
});
