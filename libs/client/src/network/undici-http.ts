import type { TLSSocket } from 'node:tls';
import { Agent, buildConnector, errors, request } from 'undici';
import { UntrustedCertificate } from './http.js';
import type { HttpPost, HttpPostReply, HttpPostRequest } from './http.js';

/** A handshake that takes longer is a dead node; the rest of the deadline belongs to another path. */
const CONNECT_TIMEOUT_MS = 3_000;
/** Guards keep connections for at least 10 s: docs/protocol/onion.md §5.1. */
const KEEP_ALIVE_MS = 9_000;
/** Requests of one client are few; more connections to one guard would only cost handshakes. */
const CONNECTIONS_PER_ORIGIN = 4;

/** HTTP over undici: one agent per kind of trust, connections kept alive. */
export class UndiciHttp {
  private readonly agents = new Map<string, Agent>();

  readonly post: HttpPost = async (options: HttpPostRequest): Promise<HttpPostReply> => {
    try {
      return await this.exchange(options);
    } catch (cause) {
      // A kept connection that the other side closed just now says nothing about the other side.
      if (!(cause instanceof errors.SocketError)) throw cause;
      return this.exchange(options);
    }
  };

  /** Requests under way fail. */
  async close(): Promise<void> {
    await Promise.all([...this.agents.values()].map((agent) => agent.destroy()));
  }

  private async exchange(options: HttpPostRequest): Promise<HttpPostReply> {
    const { statusCode, headers, body } = await request(options.url, {
      method: 'POST',
      headers: options.headers,
      body: options.body,
      dispatcher: this.agentFor(options.trust),
      signal: AbortSignal.timeout(options.timeoutMs),
    });
    const parts: Uint8Array[] = [];
    let bytes = 0;
    for await (const part of body as AsyncIterable<Uint8Array>) {
      bytes += part.length;
      if (bytes > options.maxBytes) throw new RangeError(`the answer is longer than ${options.maxBytes} bytes`);
      parts.push(part);
    }
    const contentType = headers['content-type'];
    return {
      status: statusCode,
      contentType: typeof contentType === 'string' ? contentType : '',
      body: Buffer.concat(parts),
    };
  }

  private agentFor(trust: HttpPostRequest['trust']): Agent {
    const key = typeof trust === 'string' ? trust : trust.sha256;
    const known = this.agents.get(key);
    if (known) return known;
    const agent = new Agent({
      connections: CONNECTIONS_PER_ORIGIN,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect: typeof trust === 'string' ? connectorOf(trust === 'public') : pinnedConnector(trust.sha256),
    });
    this.agents.set(key, agent);
    return agent;
  }
}

function connectorOf(rejectUnauthorized: boolean): buildConnector.connector {
  return buildConnector({ rejectUnauthorized, timeout: CONNECT_TIMEOUT_MS });
}

/** Accepts one certificate only, whoever signed it. */
function pinnedConnector(sha256: string): buildConnector.connector {
  const connect = connectorOf(false);
  const expected = sha256.replaceAll(':', '').toLowerCase();
  return (options, callback) => {
    connect(options, (error, socket) => {
      if (!socket) {
        callback(error, null);
        return;
      }
      const { fingerprint256 } = (socket as TLSSocket).getPeerCertificate();
      if (fingerprint256.replaceAll(':', '').toLowerCase() === expected) {
        callback(null, socket);
        return;
      }
      socket.destroy();
      callback(new UntrustedCertificate('another certificate'), null);
    });
  };
}
