import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CONFIG, listenOn, Log } from '#platform';
import { Membership } from '../membership/membership.js';
import type { SwarmManagerConfig } from '../swarm-manager.config.js';
import { answerSeedCall } from './seed-rpc.js';

/** Requests of clients are a few hundred bytes. */
const MAX_BODY_BYTES = 16 * 1024;
const REQUEST_TIMEOUT_MS = 5_000;
const MAX_CONNECTIONS = 1_000;
const PATH = '/json_rpc';

/**
 * Where clients learn of the network: `POST /json_rpc`. A raw listener, because clients compare the content type as a
 * string: exactly `application/json`.
 */
@Injectable()
export class SeedServer implements OnApplicationBootstrap, OnApplicationShutdown {
  #server: Server | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: SwarmManagerConfig,
    @Inject(Membership) private readonly membership: Membership,
    @Inject(Log) private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { SWARM_MANAGER_SEED_HOST: host, SWARM_MANAGER_SEED_PORT: port } = this.config;
    if (port === 0) return;
    const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS });
    server.maxConnections = MAX_CONNECTIONS;
    server.on('request', (request, response) => void this.#serve(request, response));
    const listening = await listenOn(server, host, port);
    this.#server = server;
    this.log.info('seed_listening', { port: listening });
  }

  async onApplicationShutdown(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    server.closeIdleConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (request.method !== 'POST' || request.url !== PATH) {
        answer(response, 404, 'text/plain', 'Not found');
        return;
      }
      const body = await readBody(request);
      if (body === null) answer(response, 413, 'text/plain', 'Request too large');
      else
        answer(
          response,
          200,
          'application/json',
          answerSeedCall(body, this.membership.current?.view.snapshot, randomBytes),
        );
    } catch (cause) {
      if (request.destroyed && !request.complete) return; // the client went away
      this.log.error('seed_request_failed', { reason: cause instanceof Error ? cause.name : 'unknown' });
      answer(response, 500, 'text/plain', 'Internal error');
    }
  }
}

/** Null for a body beyond the limit. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function answer(response: ServerResponse, status: number, type: string, text: string): void {
  const body = Buffer.from(text, 'utf8');
  response.writeHead(status, { 'content-type': type, 'content-length': body.length });
  response.end(body);
}
