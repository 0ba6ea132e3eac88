import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeStandingQuestion, encodeStandingKnown, SUBJECTS } from '#contracts';
import { SystemClock } from '#platform';
import { TlsPeerTransport } from '#transport';
import { waitUntil } from '#testing';
import { hex } from '../../vectors/onion-vectors.js';
import { post } from './https-client.js';
import { VectorNetwork, nodeVector, record } from './vector-network.js';

/** A NATS server and a relay, on a busy machine. */
const START_TIMEOUT_MS = 30_000;
const TIMEOUT_MS = 10_000;
const INFO = '{"method":"info","params":{}}';
const INSTANCE = 'ab'.repeat(16);
const MIDDLE = nodeVector('middle');
const idOf = (name: string): string => record(nodeVector(name), {}).ed25519;

describe('a relay, about the standing of its node and of others', () => {
  let network: VectorNetwork;
  let peer: TlsPeerTransport;
  beforeAll(async () => {
    network = await VectorNetwork.start(['entry']);
    await network.publish([record(MIDDLE, {})]);
    peer = new TlsPeerTransport(hex(MIDDLE.ed25519_seed), new SystemClock());
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await peer.close();
    await network.stop();
  });
  const address = () => {
    return { ed25519: idOf('entry'), ip: '127.0.0.1', peerPort: network.relay('entry').peerPort };
  };

  it('tells another node the time while swarm-manager is away', async () => {
    const before = Date.now();
    const { sentMs, receivedMs, ...rest } = await peer.standing(address(), INSTANCE, TIMEOUT_MS);
    expect(rest).toEqual({ instance: null, test: null, otherAgeMs: null, observedIp: '127.0.0.1' });
    expect(receivedMs).toBeGreaterThanOrEqual(before);
    expect(sentMs).toBeGreaterThanOrEqual(receivedMs);
  });

  it('passes on who asks, by the key that it proved, and what swarm-manager says', async () => {
    const known = { instance: 'cd'.repeat(16), test: null, otherAgeMs: 12 };
    const asked: unknown[] = [];
    await network.relay('entry').node.answerOn(SUBJECTS.standingAsk, (data) => {
      asked.push(decodeStandingQuestion(data));
      return encodeStandingKnown(known);
    });
    expect(await peer.standing(address(), INSTANCE, TIMEOUT_MS)).toMatchObject(known);
    expect(asked).toEqual([{ from: idOf('middle'), instance: INSTANCE }]);
  });

  it('reports when it was tested, and what went through it since the report before', async () => {
    const { node, httpsPort, reports } = network.relay('entry');
    const heard = await node.reports();
    await peer.ping(address(), TIMEOUT_MS);
    expect((await post(httpsPort, '/storage_rpc/v1', INFO)).status).toBe(200);
    reports.tell();
    await waitUntil('the report', TIMEOUT_MS, () => expect(heard).toHaveLength(1));
    expect(heard[0]).toMatchObject({ testedAgoMs: { public: null }, requests: 1, bytesIn: INFO.length });
    expect(heard[0]?.testedAgoMs.peer).toBeLessThan(TIMEOUT_MS);
    await post(httpsPort, '/ping_test/v1', '');
    reports.tell();
    await waitUntil('the next', TIMEOUT_MS, () => expect(heard).toHaveLength(2));
    expect(heard[1]).toMatchObject({ requests: 0, bytesIn: 0, bytesOut: 0 });
    expect(heard[1]?.testedAgoMs.public).toBeLessThan(TIMEOUT_MS);
  });

  it('F8: does not serve while the clock is not trusted, answers tests all the same, and serves again after it', async () => {
    const { node, httpsPort, log } = network.relay('entry');
    const told = async (isTrusted: boolean): Promise<void> => {
      const news = log.nextEvent('clock_trust');
      node.tell({ instance: INSTANCE, clock: { isTrusted, isRight: isTrusted, judgedAgoMs: 0 } });
      await news;
    };
    await told(false);
    for (const path of ['/storage_rpc/v1', '/onion_req/v2']) {
      const { status, text } = await post(httpsPort, path, INFO);
      expect([status, text]).toEqual([503, 'Service node is not ready: not done syncing\n']);
    }
    expect((await post(httpsPort, '/ping_test/v1', '')).status).toBe(200);
    await peer.ping(address(), TIMEOUT_MS);
    await peer.standing(address(), INSTANCE, TIMEOUT_MS);
    await told(true);
    expect((await post(httpsPort, '/storage_rpc/v1', INFO)).status).toBe(200);
  });

  it('keeps what it knew when it cannot read what swarm-manager says', async () => {
    const { node, httpsPort, log } = network.relay('entry');
    node.tellRaw(Buffer.from('{"contract":2}'));
    await waitUntil('the line', TIMEOUT_MS, () =>
      expect(log.lines.map(({ event }) => event)).toContain('standing_unreadable'),
    );
    expect((await post(httpsPort, '/storage_rpc/v1', INFO)).status).toBe(200);
  });
});
