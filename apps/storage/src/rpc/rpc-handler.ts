import { stringifyJson, type JsonObject, type SimpleRequest, type WireReply } from '#protocol';

/** What a handler says: a status, and text as it stands or JSON that is written already. */
export interface RpcReply {
  readonly status: number;
  readonly kind: 'text' | 'json';
  readonly text: string;
}

/** Carries out one method. Knows nothing of HTTP, onions or NATS. Refusals are thrown as ProtocolError. */
export interface RpcHandler<R extends SimpleRequest> {
  readonly method: R['method'];
  handle(request: R): Promise<RpcReply>;
}

export const jsonReply = (body: JsonObject, status = 200): RpcReply => ({
  status,
  kind: 'json',
  text: stringifyJson(body),
});

export function replyOf({ status, body }: WireReply): RpcReply {
  return typeof body === 'string' ? { status, kind: 'text', text: body } : jsonReply(body, status);
}
