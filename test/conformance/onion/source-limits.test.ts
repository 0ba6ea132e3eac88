import { Agent } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SetClock } from '#testing';
import { call, post, type Reply } from '../../integration/relay/https-client.js';
import { ONION_PATH } from '../../integration/relay/onion-client.js';
import { VectorNetwork } from '../../integration/relay/vector-network.js';

const RPC_PATH = '/storage_rpc/v1';
const INFO = '{"method":"info","params":{}}';
const BURST = 600;
const ONIONS_PER_SECOND = 5;
const TOO_MANY = [429, 'Too Many Requests', 'Too Many Requests\n', 'text/plain'];
/** At once, so that 600 requests are quick. */
const CONNECTIONS = 8;

const words = ({ status, reason, text, headers }: Reply) => [status, reason, text, headers['content-type']];

describe('a relay and one busy source', () => {
  const clock = new SetClock();
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let network: VectorNetwork;
  let port: number;

  beforeAll(async () => {
    const env = { RELAY_ONIONS_PER_SECOND: String(ONIONS_PER_SECOND), RELAY_HTTPS_HOST: '::' };
    network = await VectorNetwork.start(['entry', 'exit'], (name) => ({ clock, ...(name === 'entry' ? { env } : {}) }));
    port = network.relay('entry').httpsPort;
  });
  afterAll(async () => {
    agent.destroy();
    expect(network.faults()).toEqual([]);
    await network.stop();
  });

  const statuses = async (count: number, of: number, path: string, body: string): Promise<Set<number>> => {
    const replies = await Promise.all(Array.from({ length: count }, () => post(of, path, body, { agent })));
    return new Set(replies.map(({ status }) => status));
  };

  it('H16 takes no token while it does not serve', async () => {
    expect(await statuses(BURST + 1, port, RPC_PATH, INFO)).toEqual(new Set([503]));
    await network.publish();
  });

  it('H16 answers 600 requests at one instant, refuses the next in known words, and takes one more a moment later', async () => {
    expect(await statuses(BURST, port, RPC_PATH, INFO)).toEqual(new Set([200]));
    expect(words(await post(port, RPC_PATH, INFO, { agent }))).toEqual(TOO_MANY);
    clock.ms += 1000 / 300;
    expect((await post(port, RPC_PATH, INFO, { agent })).status).toBe(200);
    expect((await post(port, RPC_PATH, INFO, { agent })).status).toBe(429);
  });

  it('H16 looks at the limit before the other headers, and reads no body for it', async () => {
    const headers = { 'X-Loki-Long-Poll': '1', 'Content-Length': '99999999' };
    expect((await post(port, RPC_PATH, '', { headers })).status).toBe(429);
  });

  it('H16 counts IPv6 apart from IPv4, and IPv4 as such on a port for both', async () => {
    expect((await post(port, RPC_PATH, INFO, { host: '::1' })).status).toBe(200);
  });

  it('H16 answers pings and unknown paths of a source without tokens', async () => {
    expect((await post(port, '/ping_test/v1', '', { agent })).status).toBe(200);
    expect((await call(port, 'GET', '/get_stats/v1', undefined, { agent })).status).toBe(200);
  });

  it('H16 limits onions where the operator wants it, with tokens of their own', async () => {
    expect(await statuses(2 * ONIONS_PER_SECOND, port, ONION_PATH, 'x')).toEqual(new Set([400]));
    expect(words(await post(port, ONION_PATH, 'x', { agent }))).toEqual(TOO_MANY);
  });

  it('H17 limits no onions by itself', async () => {
    expect(await statuses(BURST + 1, network.relay('exit').httpsPort, ONION_PATH, 'x')).toEqual(new Set([400]));
  });

  it('H16 counts what it refused, and names nobody', async () => {
    const metrics = await network.relay('entry').metrics();
    expect(metrics).toMatch(/^relay_refusals_total\{reason="rate"\} 4$/m);
    expect(metrics).toMatch(/^relay_limited_sources 3$/m);
    expect(metrics).not.toMatch(/127\.0\.0\.1|::/);
    expect(JSON.stringify(network.relay('entry').log.lines)).not.toMatch(/127\.0\.0\.1|::1/);
  });
});
