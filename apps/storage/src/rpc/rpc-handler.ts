import type { SimpleRequest, WireReply } from '#protocol';
import type { CallPages } from '../retrieve/page-gate.js';
import { ObjectBody, type StructuredBody } from './reply-body.js';

/** What a handler says: text as it stands, bytes, or something that is written when the encoding is known. */
export interface RpcReply {
  readonly status: number;
  readonly body: string | Uint8Array | StructuredBody;
}

/** Carries out one method. Knows nothing of HTTP, onions or NATS. Refusals are thrown as ProtocolError. */
export interface RpcHandler<R extends SimpleRequest> {
  readonly method: R['method'];
  /** `pages`: what the whole call, which may hold several requests, reads of mailboxes. */
  handle(request: R, pages: CallPages): Promise<RpcReply>;
}

export const jsonReply = (body: ConstructorParameters<typeof ObjectBody>[0], status = 200): RpcReply => ({
  status,
  body: new ObjectBody(body),
});

export const replyOf = ({ status, body }: WireReply): RpcReply =>
  typeof body === 'string' ? { status, body } : jsonReply(body, status);
