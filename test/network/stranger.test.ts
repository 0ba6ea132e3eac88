import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SystemClock } from '#platform';
import {
  buildOnion,
  encodeHopFrame,
  encodeSignedList,
  makeNextList,
  noblePrimitives,
  NodeKey,
  parseNetworkList,
  parseSignedList,
  signNetworkList,
} from '#protocol';
import { waitUntil } from '#testing';
import { PeerUnreachable, TlsPeerTransport } from '#transport';
import { networkOfSuite } from './network-of-suite.js';
import { call, measured, postTo } from './rpc.js';
import { RECOVERY_TIMEOUT_MS, TEST_TIMEOUT_MS } from './timeouts.js';

const PING_TIMEOUT_MS = 5_000;
const MEMBERS = ['node-1', 'node-2', 'node-3'];
const DAY_MS = 86_400_000;

/** One story: the tests go on where the one before ended. */
describe('a network with a node that is not in its list', () => {
  const nodes = MEMBERS.map((name) => ({ name }));
  const up = networkOfSuite({
    networkFile: { nodes: [...nodes, { name: 'stranger', state: 'unlisted' as const }] },
  });

  const keyIn = (path: string): NodeKey =>
    NodeKey.fromSeed(Buffer.from(readFileSync(`${up().dir}/${path}`, 'utf8').trim(), 'hex'), noblePrimitives);
  const keyOf = (name: string): NodeKey => keyIn(`nodes/${name}/node.key`);
  const peerOf = (name: string) => {
    const { ed25519, info } = up().node(name);
    return { ed25519, ip: info.ip, peerPort: info.peer_port };
  };
  const strangersAt = (name: string): Promise<number> =>
    measured(up().node(name).info.admin_url, 'relay_strangers_total');

  /** Whether a node lets the holder of a key in. Every question is a new handshake. */
  async function isAdmitted(key: NodeKey, name: string): Promise<boolean> {
    const transport = new TlsPeerTransport(key.seed, new SystemClock());
    try {
      await transport.ping(peerOf(name), PING_TIMEOUT_MS);
      return true;
    } catch (cause) {
      expect(cause).toBeInstanceOf(PeerUnreachable);
      return false;
    } finally {
      await transport.close();
    }
  }

  it(
    'lets its members talk to each other and cuts the stranger off, and counts it',
    async () => {
      expect(await isAdmitted(keyOf('node-1'), 'node-2')).toBe(true);
      const before = await strangersAt('node-2');
      expect(await isAdmitted(keyOf('stranger'), 'node-2')).toBe(false);
      expect(await strangersAt('node-2')).toBeGreaterThan(before);

      const transport = new TlsPeerTransport(keyOf('stranger').seed, new SystemClock());
      const frame = { data: randomBytes(64), encType: 'xchacha20', ephemeralKey: randomBytes(32), hopNo: 1 } as const;
      const asked = transport.onion(peerOf('node-2'), encodeHopFrame(frame), PING_TIMEOUT_MS);
      await expect(asked).rejects.toBeInstanceOf(PeerUnreachable);
      await transport.close();
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'does not relay to it',
    async () => {
      const { id, x25519 } = keyOf('stranger');
      const { body } = buildOnion(noblePrimitives, randomBytes, {
        path: [up().node('node-1')],
        destination: { ed25519: id, x25519: Buffer.from(x25519.publicKey).toString('hex') },
        payload: Buffer.from('{"method":"info","params":{}}'),
      });
      expect(await postTo(up().node('node-1'), '/onion_req/v2', body)).toEqual({
        status: 502,
        text: `Next node not found: ${id}`,
      });
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'hears from the stranger itself that it is in no swarm',
    async () => {
      expect(await call(up().node('stranger'), 'info', {})).toEqual({
        status: 503,
        text: 'Service node is not ready: not in any swarm\n',
      });
    },
    TEST_TIMEOUT_MS,
  );

  /** Puts a list with the stranger in it where all nodes look, signed by somebody. */
  function publishListWithStranger(signer: NodeKey): void {
    const path = `${up().dir}/network.json`;
    const current = parseNetworkList(noblePrimitives, parseSignedList(readFileSync(path, 'utf8')).listText);
    const { ed25519, info } = up().node('stranger');
    const added = { ed25519, ip: info.ip, httpsPort: info.https_port, peerPort: info.peer_port };
    const nowMs = Date.now();
    const changes = { put: [{ ...added, state: 'active' as const }] };
    const { text: listText } = makeNextList(noblePrimitives, current, changes, {
      network: current.network,
      seed: randomBytes(32).toString('hex'),
      issuedMs: nowMs,
      expiresMs: nowMs + DAY_MS,
      swarms: 'compose',
    });
    const signatures = [signNetworkList(noblePrimitives, listText, signer.ed25519)];
    writeFileSync(`${path}.next`, encodeSignedList({ listText, signatures }), { mode: 0o600 });
    renameSync(`${path}.next`, path); // never half of a list
  }

  it(
    'keeps its list when somebody else signed the next one, and admits the node when the administrator did',
    async () => {
      const path = `${up().dir}/network.json`;
      const inForce = readFileSync(path);
      publishListWithStranger(NodeKey.fromSeed(randomBytes(32), noblePrimitives));
      for (const name of MEMBERS) {
        const url = up().node(name).info.admin_urls?.swarm_manager ?? null;
        await waitUntil('a refusal', RECOVERY_TIMEOUT_MS, async () =>
          expect(await measured(url, 'swarm_manager_list_reads_total{outcome="refused"}')).toBeGreaterThan(0),
        );
        expect(await measured(url, 'swarm_manager_height')).toBe(1);
        expect(await isAdmitted(keyOf('stranger'), name)).toBe(false);
        expect(await isAdmitted(keyOf(name === 'node-1' ? 'node-2' : 'node-1'), name)).toBe(true);
      }

      writeFileSync(path, inForce);
      publishListWithStranger(keyIn('admin.key'));
      for (const name of MEMBERS) {
        await waitUntil('the newer list', RECOVERY_TIMEOUT_MS, async () =>
          expect(await isAdmitted(keyOf('stranger'), name)).toBe(true),
        );
      }
      await waitUntil('the list at the stranger', RECOVERY_TIMEOUT_MS, async () =>
        expect((await call(up().node('stranger'), 'info', {})).status).toBe(200),
      );
    },
    TEST_TIMEOUT_MS,
  );
});
