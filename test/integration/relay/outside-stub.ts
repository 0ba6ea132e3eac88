import { createServer as createHttp, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSigned } from '../self-signed.js';

export interface OutsideRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A server outside the network: one program on a TLS port and on a plain one. */
export class OutsideStub {
  readonly requests: OutsideRequest[] = [];
  connections = 0;
  answer: (response: ServerResponse) => void = (response) => response.end('relay says hello');
  readonly certificate: { certPem: string; keyPem: string };
  private readonly servers;

  constructor(name: string) {
    this.certificate = selfSigned([{ dNSName: name }]);
    const { certPem: cert, keyPem: key } = this.certificate;
    this.servers = [createHttps({ cert, key }, this.serve), createHttp(this.serve)] as const;
    for (const server of this.servers) server.on('connection', () => (this.connections += 1));
  }

  async start(): Promise<void> {
    await Promise.all(
      this.servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))),
    );
  }

  /** Port for `https:` or `http:`. */
  port(protocol: string): number {
    const server = this.servers[protocol === 'https:' ? 0 : 1];
    return (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const server of this.servers) server.closeAllConnections();
    await Promise.all(this.servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  private readonly serve: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      this.requests.push({ method, path: url, headers, body: Buffer.concat(chunks) });
      this.answer(response);
    });
  };
}
