import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitUntil } from '#testing';
import { certificateFor } from '../../../libs/platform/src/tls/certificate.js';
import { NodeStub } from './node-stub.js';
import { RelayProcess } from './relay-process.js';
import { VectorNetwork, accountOf, nodeVector, record, snapshotOf } from './vector-network.js';

const TIMEOUT_MS = 90_000;
const WORKERS = 2;
const STATS = 'GET /get_stats/v1 HTTP/1.1\r\nHost: x\r\n\r\n';

const newKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
const certificateOf = (keyPem: string): string => certificateFor(createPrivateKey(keyPem), Date.now());

function open(port: number): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => resolve(socket));
    socket.on('error', reject);
  });
}

describe('a relay whose certificate is replaced', () => {
  let network: VectorNetwork;
  let node: NodeStub;
  let relay: RelayProcess;
  beforeAll(async () => {
    network = await VectorNetwork.start([], undefined, ['exit']);
    node = await NodeStub.connect(network.nats.url, accountOf('exit'));
    node.publish(snapshotOf([record(nodeVector('exit'), {})]));
    relay = await RelayProcess.start('exit', network.nats.url, { RELAY_WORKERS: String(WORKERS) });
    await relay.ready();
  }, TIMEOUT_MS);
  afterAll(async () => {
    await relay.remove();
    await node.close();
    await network.stop();
  });

  /** As tools that renew certificates do it: each file whole, one after the other. */
  const put = (file: 'cert.pem' | 'key.pem', text: string): void => {
    writeFileSync(join(relay.folder, 'next'), text);
    renameSync(join(relay.folder, 'next'), join(relay.folder, file));
  };
  const count = (event: string): number => relay.events.filter((each) => each === event).length;
  /** Serial numbers that new connections see, over all processes. */
  const serials = async (): Promise<Set<string>> => {
    const seen = new Set<string>();
    for (let i = 0; i < 2 * WORKERS; i += 1) {
      const socket = await open(relay.httpsPort);
      seen.add(socket.getPeerX509Certificate()?.serialNumber ?? 'none');
      socket.destroy();
    }
    return seen;
  };

  it(
    'shows the new one when it is told to look, in every process, and breaks no connection',
    async () => {
      const before = await serials();
      expect(before.size).toBe(1);
      const standing = await open(relay.httpsPort);
      const key = newKey();
      put('key.pem', key);
      put('cert.pem', certificateOf(key));
      relay.signal('SIGHUP');
      await waitUntil('the change', TIMEOUT_MS, () => expect(count('certificate_changed')).toBe(WORKERS));
      const after = await serials();
      expect([after.size, [...after].some((serial) => before.has(serial))]).toEqual([1, false]);
      standing.write(STATS);
      const answer = await new Promise<Buffer>((resolve) => standing.once('data', resolve));
      expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /);
      standing.destroy();
    },
    TIMEOUT_MS,
  );

  it(
    'keeps the old one when the new one cannot be used, and says so in one line',
    async () => {
      const before = await serials();
      put('cert.pem', certificateOf(newKey()));
      relay.signal('SIGHUP');
      await waitUntil('the refusal', TIMEOUT_MS, () => expect(count('certificate_refused')).toBe(WORKERS));
      expect(relay.said).toContain('"reason":"ERR_OSSL_X509_KEY_VALUES_MISMATCH","event":"certificate_refused"');
      expect(await serials()).toEqual(before);
    },
    TIMEOUT_MS,
  );

  it(
    'ends with a sentence when it is given half a pair',
    async () => {
      const half = await RelayProcess.start('exit', network.nats.url, { RELAY_TLS_CERT_FILE: '/some/cert.pem' });
      expect(await half.ended).toBe(78);
      expect(half.said).toBe(
        'relay: RELAY_TLS_CERT_FILE, RELAY_TLS_KEY_FILE: only one of them is set; set both, or neither\n',
      );
      await half.remove();
    },
    TIMEOUT_MS,
  );
});
