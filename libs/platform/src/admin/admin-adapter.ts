import { FastifyAdapter } from '@nestjs/platform-fastify';

/** The admin port takes nothing but GET; this is room for its head. */
const BODY_BYTES = 1_024;
const REQUEST_TIMEOUT_MS = 10_000;

/** The HTTP server of an admin port. */
export function adminAdapter(): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
  });
}
