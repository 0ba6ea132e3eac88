import { expect, it } from '@jest/globals';
import { send, sendRaw, type WireAnswer } from '../../../compat/golden/wire.js';
import { INFO } from '../calls.js';
import type { ConformanceNetwork } from '../conformance-network.js';

const MAX_BODY_BYTES = 10_485_760;
const RPC = '/storage_rpc/v1';

/** What only HTTPS itself can show. */
export function httpCases(network: () => ConformanceNetwork): void {
  const port = (): number => network().entry.info.https_port;
  const ask = (method: string, path: string, more: { headers?: Record<string, string>; body?: Buffer } = {}) =>
    send({ port: port(), method, path, ...more });
  const said = ({ status, body }: WireAnswer): [number, string] => [status, body.toString()];

  it('11 https: a client that polls for long is told to upgrade', async () => {
    const answer = await ask('POST', RPC, {
      headers: { 'x-loki-long-poll': '1' },
      body: Buffer.from(JSON.stringify(INFO)),
    });
    expect(said(answer)).toEqual([410, 'long polling is no longer supported, client upgrade required']);
  });

  it('12 https: a Content-Length that is no number is refused and the connection closed', async () => {
    const head = `POST ${RPC} HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n`;
    const { text, closed } = await sendRaw(port(), Buffer.from(head));
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text.split('\r\n\r\n')[1]).toBe('invalid Content-Length');
    expect(closed).toBe(true);
  });

  it('13 https: a body of one byte more than 10 MiB is refused', async () => {
    const head = `POST ${RPC} HTTP/1.1\r\nHost: x\r\nContent-Length: ${MAX_BODY_BYTES + 1}\r\n\r\n`;
    const { text } = await sendRaw(port(), Buffer.from(head));
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    expect(text.split('\r\n\r\n')[1]).toBe('Request body too large');
  });

  it('14 https: GET is not found', async () => {
    expect(said(await ask('GET', RPC))).toEqual([404, `get ${RPC} Not Found`]);
  });

  it('15 https: the version is told to whoever asks', async () => {
    const answer = await ask('GET', '/get_stats/v1');
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body.toString())).toEqual({ version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
  });

  it('16 https: a ping is answered with the key of the node', async () => {
    const answer = await ask('POST', '/ping_test/v1', { body: Buffer.alloc(0) });
    expect(said(answer)).toEqual([200, '']);
    const names = Object.fromEntries(
      Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    expect(Buffer.from(names['x-oxen-snode-pubkey'] ?? '', 'base64')).toHaveLength(32);
  });
}
