import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { GuardedConnector, plainDialler } from '../../../apps/relay/src/outside/guarded-connector.js';
import { post, type Reply } from '../../integration/relay/https-client.js';
import { Layer, ONION_PATH } from '../../integration/relay/onion-client.js';
import { VectorNetwork, nodeVector, record, vectors } from '../../integration/relay/vector-network.js';
import { ANSWERS, HOSTS, PORTS, PROTOCOLS, TARGETS } from '../../vectors/hostile-servers.js';
import { StubNames } from './stub-names.js';

const INVALID_URL = '{"body":"Invalid url","status":400}';
const INVALID_JSON = '{"body":"Invalid json","status":400}';
/** The node's own address on the internet, which none of its interfaces shows. */
const OWN_ADDRESS = '9.9.9.9';

const printable = (value: unknown): string => JSON.stringify(value).slice(0, 60);

describe('a stranger who wants this node to call its own network', () => {
  /** Stands for everything that can be called: whatever is dialled ends up here. */
  const canary = createServer((socket) => {
    socket.on('error', () => undefined).resume();
    socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nsang');
  });
  const dialled: string[] = [];
  const names = new StubNames({
    ...Object.fromEntries(Object.entries(ANSWERS).map(([name, answer]) => [name, [answer]])),
    'own.example.org': [[OWN_ADDRESS]],
    'files.example.org': [['8.8.8.8']],
    'rebind.example.org': [['8.8.8.8'], ['127.0.0.1']],
    'xn--mnchen-3ya.example': [['2606:4700::1111']],
  });
  let connections = 0;
  let network: VectorNetwork;
  let port: number;

  beforeAll(async () => {
    canary.on('connection', () => (connections += 1));
    await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
    const canaryPort = String((canary.address() as AddressInfo).port);
    const dial = plainDialler();
    network = await VectorNetwork.start(['entry'], () => ({
      connector: (own) =>
        new GuardedConnector(names, own, new Set(['127.0.0.1:1']), (options, callback) => {
          dialled.push(options.hostname);
          dial({ ...options, hostname: '127.0.0.1', port: canaryPort }, callback);
        }),
    }));
    port = network.relay('entry').httpsPort;
    await network.publish([record(nodeVector('entry'), { ip: OWN_ADDRESS })]);
  });
  afterEach(() => {
    expect([connections, dialled]).toEqual([0, []]);
  });
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await network.stop();
    await new Promise((resolve) => canary.close(resolve));
  });

  const send = async (control: object): Promise<{ reply: Reply; layer: Layer }> => {
    const layer = new Layer('entry');
    const all = { host: 'files.example.org', target: '/oxen/v4/lsrpc', ...control };
    return { reply: await post(port, ONION_PATH, layer.frame('for a server', all)), layer };
  };
  const expectRefusal = async (control: object, words = INVALID_URL): Promise<void> => {
    const { reply, layer } = await send(control);
    expect([reply.status, reply.headers['content-type'], layer.open(reply)]).toEqual([200, 'text/plain', words]);
  };
  /** What was called since the last time, and nothing is left to be counted against the next test. */
  const sung = (): [number, string[]] => {
    const counts: [number, string[]] = [connections, [...dialled]];
    connections = 0;
    dialled.length = 0;
    return counts;
  };

  it('S13 can hear the canary when a server is public', async () => {
    expect((await send({ protocol: 'http' })).reply.text).toBe('sang');
    expect(sung()).toEqual([1, ['8.8.8.8']]);
    expect((await send({ host: 'xn--mnchen-3ya.example', protocol: 'http', port: 8080 })).reply.text).toBe('sang');
    expect(sung()).toEqual([1, ['2606:4700::1111']]);
    expect((await send({ host: '[2606:4700::1111]', protocol: 'http', port: 80 })).reply.text).toBe('sang');
    expect(sung()).toEqual([1, ['2606:4700::1111']]);
  });

  it.each(HOSTS.map((host) => [printable(host), host]))('S13 gets nowhere with host %s', async (_name, host) => {
    for (const control of [{ host }, { host, protocol: 'http', port: 80 }]) {
      const { reply, layer } = await send(control);
      // A word that could be a name is asked for; nobody knows it.
      const unknown = `Could not resolve host: ${host}`;
      if (reply.status === 502) expect([reply.text, names.asked.at(-1)]).toEqual([unknown, host]);
      else expect([reply.status, layer.open(reply)]).toEqual([200, INVALID_URL]);
    }
  });

  it.each([...Object.keys(ANSWERS), 'own.example.org'])('S13 gets nowhere with the name %s', async (host) => {
    await expectRefusal({ host, protocol: 'http', port: 80 });
    await expectRefusal({ host });
    expect(names.asked.slice(-2)).toEqual([host, host]); // looked at anew, once for each request
  });

  it('S13 gets nowhere with the address that the network has of this node', () => expectRefusal({ host: OWN_ADDRESS }));

  it('S13 gets nowhere with a name that has another address the second time', async () => {
    const control = { host: 'rebind.example.org', protocol: 'http', port: 80 };
    expect((await send(control)).reply.text).toBe('sang');
    expect(sung()).toEqual([1, ['8.8.8.8']]); // the address that was looked at, not the name
    expect(names.asked.filter((name) => name === 'rebind.example.org')).toHaveLength(1);
    await expectRefusal(control);
  });

  it('S13 gets nowhere with another port of what the operator allows', async () => {
    await expectRefusal({ host: '127.0.0.1', protocol: 'http', port: 2 });
    await expectRefusal({ host: '127.0.0.1', protocol: 'http' });
  });

  const refused = vectors.url_targets
    .filter(({ target, allowed }) => !allowed || /\/\/|\.\.|#|%/.test(target))
    .map(({ target }) => target);
  it.each([...new Set([...refused, ...TARGETS])].map((target) => [printable(target), target]))(
    'S11 gets nowhere with target %s',
    (_name, target) => expectRefusal({ target }),
  );

  it.each(PROTOCOLS)('S12 gets nowhere with protocol %p', (protocol) => expectRefusal({ protocol }));

  it.each(PORTS)('S14 gets nowhere with port %p', (wanted) => expectRefusal({ port: wanted }, INVALID_JSON));
});
