import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Account, Client, SeedNotTrusted, SeedUnreachable } from '#client';
import type { ClientOptions, HttpPostRequest } from '#client';
import { loadOrCreateTlsPair } from '#platform';
import { FakeSessionNetwork } from '../fakes/session-network.js';

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const clock = { now: () => Date.now(), monotonicMs: () => performance.now() };
const HOST = '127.0.0.1';

/** A fake network behind real sockets: the seed on http and https, every node on an https port of its own. */
class SocketNetwork {
  readonly fake = new FakeSessionNetwork({ nodes: 5, now: clock.now });
  readonly servers: Server[] = [];
  readonly hangUp = new Set<number>();
  connections = 0;
  seedUrl = '';
  tlsSeedUrl = '';

  constructor(private readonly tls: { key: string; cert: string }) {}

  async start(): Promise<void> {
    this.seedUrl = `http://${HOST}:${await this.listen(createHttpServer(this.answering('http://seed.test')))}`;
    const tlsSeed = createHttpsServer(this.tls, this.answering('http://seed.test'));
    this.tlsSeedUrl = `https://${HOST}:${await this.listen(tlsSeed)}`;
    for (const node of this.fake.nodes) {
      const server = createHttpsServer(this.tls, (request, response) => {
        if (this.hangUp.delete(node.port)) request.socket.destroy();
        else this.answering(`https://${HOST}:${node.port}`)(request, response);
      });
      server.on('secureConnection', () => (this.connections += 1));
      node.port = await this.listen(server);
    }
  }

  async stop(): Promise<void> {
    for (const server of this.servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  private async listen(server: Server): Promise<number> {
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
    return (server.address() as AddressInfo).port;
  }

  private answering(origin: string): (request: IncomingMessage, response: ServerResponse) => void {
    return (request, response) => void this.answer(origin, request, response);
  }

  private async answer(origin: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const body = Buffer.concat(parts);
    const url = `${origin}${request.url ?? ''}`;
    const posted: HttpPostRequest = { url, headers: {}, body, timeoutMs: 0, maxBytes: 0, trust: 'any' };
    const reply = await this.fake.post(posted);
    response.writeHead(reply.status, { 'content-type': reply.contentType }).end(reply.body);
  }
}

describe('a client on real sockets', () => {
  const directory = mkdtempSync(join(tmpdir(), 'starling-client-'));
  const { certPem, keyPem } = loadOrCreateTlsPair(directory, 'TEST_DIR', clock.now());
  const network = new SocketNetwork({ key: keyPem, cert: certPem });
  const clients: Client[] = [];
  const alice = Account.generate(random);
  const bob = Account.generate(random);

  const connect = async (options: Partial<ClientOptions> = {}): Promise<Client> => {
    const pause = (): Promise<void> => Promise.resolve();
    const { seedUrl } = network;
    const client = await Client.connect({ seedUrl, random, clock, singleHost: true, pause, ...options });
    clients.push(client);
    return client;
  };

  beforeAll(() => network.start());
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await network.stop();
    rmSync(directory, { recursive: true });
  });

  it('sends and receives through nodes whose certificates nobody signed, on few connections', async () => {
    const client = await connect();
    const before = network.connections;
    const texts = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'];
    for (const text of texts) await client.send(alice, bob.id, text);
    const { messages } = await client.poll(bob);
    expect(messages.map(({ content }) => content.dataMessage?.body)).toEqual(texts);
    // 13 requests; how many guards it takes depends on which of them are destinations too.
    expect(network.connections - before).toBeLessThan(10);
  });

  it('goes on when a guard hangs up on a kept connection', async () => {
    const client = await connect();
    await client.send(alice, bob.id, 'before');
    for (const { port } of network.fake.nodes) network.hangUp.add(port);
    await client.send(alice, bob.id, 'after');
    network.hangUp.clear();
  });

  it('trusts a self-signed seed by its fingerprint only', async () => {
    const seedUrl = network.tlsSeedUrl;
    const seedCertificateSha256 = new X509Certificate(certPem).fingerprint256;
    expect((await connect({ seedUrl, seedCertificateSha256 })).nodes).toHaveLength(5);
    await expect(connect({ seedUrl, seedCertificateSha256: 'ab'.repeat(32) })).rejects.toThrow(SeedNotTrusted);
    await expect(connect({ seedUrl })).rejects.toThrow(SeedUnreachable);
  });

  it('says in a sentence that nobody is there', async () => {
    await expect(connect({ seedUrl: `http://${HOST}:1` })).rejects.toThrow(
      'The seed 127.0.0.1:1 cannot be reached: the connection was refused.',
    );
  });
});
