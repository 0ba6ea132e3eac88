import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PingRoutes } from '../ping/ping-routes.js';
import type { BodyRoute } from './body-route.js';
import { discardAndSend, sendAndClose } from './discard-body.js';
import { CONTENT_TYPES, textAnswer, type AnswerWriter } from './http-answer.js';
import { HTTP_TEXTS } from './http-texts.js';

export interface Routes {
  readonly onion: BodyRoute;
  readonly rpc: BodyRoute;
  readonly ping: PingRoutes;
}

/** Whoever speaks HTTP/1.1 says to whom, though any name will do. */
const BAD_REQUEST = textAnswer(400, HTTP_TEXTS.badRequest);

/** All there is on the public port. docs/protocol/onion.md §5.2 */
export class PublicRoutes {
  constructor(
    private readonly routes: Routes,
    private readonly writer: AnswerWriter,
    /** Told of what a route threw: a fault of this node. */
    private readonly onFault: (cause: unknown) => void,
  ) {}

  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    if (request.headers.host === undefined && request.httpVersion === '1.1') {
      sendAndClose(request, response, this.writer, BAD_REQUEST);
      return;
    }
    const { onion, rpc, ping } = this.routes;
    const path = pathOf(request.url ?? '/');
    const isPost = request.method === 'POST';
    if (isPost && path === '/onion_req/v2') this.run(onion, request, response);
    else if (isPost && path === '/storage_rpc/v1') this.run(rpc, request, response);
    else if (isPost && path === '/ping_test/v1') ping.ping(request, response);
    else if (request.method === 'GET' && path === '/get_stats/v1') ping.stats(request, response);
    else this.notFound(path, request, response);
  };

  private run(route: BodyRoute, request: IncomingMessage, response: ServerResponse): void {
    route.serve(request, response).catch((cause: unknown) => {
      this.onFault(cause);
      if (response.headersSent) response.destroy();
      else this.writer.sendLast(response, textAnswer(500, HTTP_TEXTS.fault));
    });
  }

  /** Node reads request lines as latin1; so written, the path goes back as it came. */
  private notFound(path: string, request: IncomingMessage, response: ServerResponse): void {
    const body = Buffer.from(HTTP_TEXTS.notFound(request.method ?? '', path), 'latin1');
    discardAndSend(request, response, this.writer, { status: 404, contentType: CONTENT_TYPES.text, body });
  }
}

/** Queries are cut off and ignored. */
function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
