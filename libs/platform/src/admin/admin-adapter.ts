import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ADMIN_HEADERS, adminRefusal } from './admin-guard.js';

/** The admin port takes nothing but GET; this is room for its head. */
const BODY_BYTES = 1_024;
const REQUEST_TIMEOUT_MS = 10_000;

/** The HTTP server of an admin port. `names`: by which it may be asked for, besides addresses. */
export function adminAdapter(names: readonly string[] = []): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
  });
  adapter.getInstance().addHook('onRequest', (request, reply, done) => {
    void reply.headers(ADMIN_HEADERS);
    const refusal = adminRefusal(request.method, request.headers.host, names);
    if (refusal === null) done();
    else void reply.code(refusal.status).type('text/plain').send(refusal.text);
  });
  return adapter;
}
