import { describe, expect, it } from '@jest/globals';
import { utf8 } from '#protocol';
import { UntrustedCertificate } from './http.js';
import type { HttpPostReply, HttpPostRequest } from './http.js';
import { SeedAnswerInvalid, SeedNotTrusted, SeedUnreachable } from './network-errors.js';
import { fetchSeedNodes } from './seed.js';
import type { SeedOptions } from './seed.js';

const state = {
  public_ip: '1.2.3.4',
  storage_port: 22021,
  pubkey_x25519: 'AB'.repeat(32),
  pubkey_ed25519: 'cd'.repeat(32),
  requested_unlock_height: 0,
};
const answer = (states: unknown, height: unknown = 5): string =>
  JSON.stringify({ result: { height, service_node_states: states } });
const ok = (body: string, contentType = 'application/json'): HttpPostReply => ({
  status: 200,
  contentType,
  body: utf8(body),
});

interface Asked {
  readonly requests: HttpPostRequest[];
  readonly pauses: number[];
  readonly options: SeedOptions;
}

function asking(replies: readonly (HttpPostReply | Error)[], url = 'http://seed.test:4443'): Asked {
  const requests: HttpPostRequest[] = [];
  const pauses: number[] = [];
  const post = (request: HttpPostRequest): Promise<HttpPostReply> => {
    const reply = replies[requests.length] ?? replies.at(-1) ?? new Error('no reply');
    requests.push(request);
    return reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply);
  };
  const pause = (ms: number): Promise<void> => {
    pauses.push(ms);
    return Promise.resolve();
  };
  return { requests, pauses, options: { url, post, pause } };
}

describe('the seed', () => {
  it('is asked exactly as Session Desktop asks', async () => {
    const { requests, options } = asking([ok(answer([state]))]);
    await fetchSeedNodes(options);
    expect(requests).toMatchObject([
      {
        url: 'http://seed.test:4443/json_rpc',
        headers: { 'User-Agent': 'WhatsApp', 'Accept-Language': 'en-us' },
        timeoutMs: 5_000,
        trust: 'public',
      },
    ]);
    expect(new TextDecoder().decode(requests[0]?.body)).toBe(
      '{"jsonrpc":"2.0","method":"get_n_service_nodes","params":{"active_only":true,"fields":{"public_ip":true,' +
        '"storage_port":true,"pubkey_x25519":true,"pubkey_ed25519":true,"requested_unlock_height":true,"height":true}}}',
    );
  });

  it('gives nodes, without those that have no address', async () => {
    const states = [
      state,
      { ...state, public_ip: '0.0.0.0' },
      { ...state, public_ip: '' },
      { ...state, storage_port: 0 },
    ];
    const { options } = asking([ok(answer(states))]);
    expect(await fetchSeedNodes(options)).toEqual([
      { ip: '1.2.3.4', httpsPort: 22021, x25519: 'ab'.repeat(32), ed25519: 'cd'.repeat(32) },
    ]);
  });

  it.each([
    ['another content type', ok(answer([state]), 'application/json; charset=utf-8')],
    ['no JSON', ok('nodes')],
    ['no result', ok('{"error":{}}')],
    ['no height', ok(answer([state], null))],
    ['a height that is text', ok(answer([state], '5'))],
    ['no nodes', ok(answer([]))],
    ['a node without a key', ok(answer([state, { ...state, pubkey_x25519: undefined }]))],
    ['a node whose port is text', ok(answer([{ ...state, storage_port: '22021' }]))],
    ['a node without unlock height', ok(answer([state, { ...state, requested_unlock_height: null }]))],
    ['a node that is no object', ok(answer([state, 7]))],
  ])('is not believed with %s', async (_name, reply) => {
    await expect(fetchSeedNodes(asking([reply]).options)).rejects.toThrow(SeedAnswerInvalid);
  });

  it('is asked four times, with longer and longer pauses', async () => {
    const { requests, pauses, options } = asking([new Error('connect ECONNREFUSED')]);
    await expect(fetchSeedNodes(options)).rejects.toThrow(
      new SeedUnreachable('seed.test:4443', 'connect ECONNREFUSED'),
    );
    expect(requests).toHaveLength(4);
    expect(pauses).toEqual([1_000, 2_000, 4_000]);
  });

  it('may be starting up', async () => {
    const busy = { status: 503, contentType: 'text/plain', body: utf8('starting') };
    expect(await fetchSeedNodes(asking([busy, ok(answer([state]))]).options)).toHaveLength(1);
    await expect(fetchSeedNodes(asking([busy]).options)).rejects.toThrow(/answered with status 503/);
  });

  it.each(['nonsense', 'ftp://seed.test', ''])('cannot be %j', async (url) => {
    await expect(fetchSeedNodes(asking([], url).options)).rejects.toThrow(SeedUnreachable);
  });

  it.each([
    [
      'https://seed1.getsession.org:4443',
      { sha256: '36ea0b253537988551ee856e4fd20d55011e9c8b27eaa2f34b8f32a0bdf04f2d' },
    ],
    ['https://seed.example', 'public'],
  ])('%s is trusted by %j', async (url, trust) => {
    const { requests, options } = asking([ok(answer([state]))], url);
    await fetchSeedNodes(options);
    expect(requests[0]?.trust).toEqual(trust);
  });

  it('with a fingerprint of its own is trusted by that, and by nothing else', async () => {
    const { requests, options } = asking([new UntrustedCertificate('x')], 'https://seed.example/json_rpc');
    const attempt = fetchSeedNodes({ ...options, certificateSha256: 'AB:CD' });
    await expect(attempt).rejects.toThrow(SeedNotTrusted);
    expect(requests).toMatchObject([{ trust: { sha256: 'AB:CD' } }]);
  });
});
