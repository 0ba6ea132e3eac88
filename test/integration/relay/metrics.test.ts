import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SystemClock } from '#platform';
import { TlsPeerTransport } from '#transport';
import { hex } from '../../vectors/onion-vectors.js';
import { post } from './https-client.js';
import { VectorNetwork, nodeVector, record } from './vector-network.js';

/** A NATS server and relays, on a busy machine. */
const START_TIMEOUT_MS = 30_000;
const TIMEOUT_MS = 10_000;
const KINDS = ['final', 'relay_node', 'relay_server', 'refused'];
const OUTCOMES = [
  'final',
  'relay_node',
  'relay_server',
  'invalid_ciphertext',
  'invalid_json',
  'not_found',
  'unreachable',
  'timeout',
  'not_ready',
  'busy',
  'replayed',
];

describe('the metrics of a relay', () => {
  let network: VectorNetwork;
  beforeAll(async () => {
    network = await VectorNetwork.start(['entry']);
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await network.stop();
  });
  const series = async (): Promise<string[]> => (await network.relay('entry').metrics()).split('\n');

  it('have every series at the first scrape', async () => {
    const names = (await series()).map((line) => line.split(' ')[0] ?? '');
    const wanted = [
      ...OUTCOMES.flatMap((outcome) =>
        ['xchacha20', 'aes-gcm', 'aes-cbc', 'none'].map(
          (type) => `relay_onions_total{source="client",outcome="${outcome}",enc_type="${type}"}`,
        ),
      ),
      ...KINDS.map((kind) => `relay_onion_seconds_bucket{le="0.025",kind="${kind}"}`),
      ...['rate', 'busy', 'not_ready', 'too_large', 'header', 'bandwidth'].map(
        (why) => `relay_refusals_total{reason="${why}"}`,
      ),
      ...['https', 'peer'].map((transport) => `relay_ping_age_seconds{transport="${transport}"}`),
      'relay_rpc_seconds_count{source="client"}',
      'relay_received_bytes_total',
      'relay_sent_bytes_total',
      ...['public', 'peer', 'next_hop', 'outside'].flatMap((surface) =>
        ['received', 'sent'].map((way) => `relay_line_bytes_total{surface="${surface}",direction="${way}"}`),
      ),
      'relay_line_limit_bytes',
      'relay_requests_in_flight',
      'relay_body_bytes_held',
      'relay_waiting_requests',
      'relay_limited_sources',
      'relay_replays_total',
      'relay_strangers_total',
    ];
    expect(wanted.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('say of how many requests a promise was kept, without a guess between two bounds', async () => {
    const lines = await series();
    for (const seconds of [0.008, 0.025, 9, 25]) {
      const counts = ['relay_onion_seconds_bucket', 'relay_rpc_seconds_bucket'].map(
        (name) => lines.filter((line) => line.startsWith(`${name}{le="${seconds}",`)).length,
      );
      expect([seconds, ...counts]).toEqual([seconds, KINDS.length, 2]);
    }
  });

  it('tell for each transport when another node last tested it', async () => {
    const ages = async () =>
      (await series())
        .filter((line) => line.startsWith('relay_ping_age_seconds{'))
        .map((line) => Number.isNaN(Number(line.split(' ')[1])));
    expect(await ages()).toEqual([true, true]);
    const { httpsPort, peerPort } = network.relay('entry');
    await network.publish([record(nodeVector('middle'), {})]);
    await post(httpsPort, '/ping_test/v1', '');
    expect(await ages()).toEqual([false, true]);
    const tester = new TlsPeerTransport(hex(nodeVector('middle').ed25519_seed), new SystemClock());
    await tester.ping({ ed25519: nodeVector('entry').ed25519_pubkey, ip: '127.0.0.1', peerPort }, TIMEOUT_MS);
    expect(await ages()).toEqual([false, false]);
    await tester.close();
  });
});
