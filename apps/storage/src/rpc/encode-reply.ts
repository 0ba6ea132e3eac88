import type { RpcAnswer } from '#contracts';
import { bencode, type Bencodable, type CallEncoding } from '#protocol';
import type { LongJson, StructuredBody } from './reply-body.js';
import type { RpcReply } from './rpc-handler.js';

/** A reply in the encoding of its request; text and bytes are the same in both. */
export function encodeReply({ status, body }: RpcReply, encoding: CallEncoding): RpcAnswer {
  if (typeof body === 'string') return { status, kind: 'text', body: Buffer.from(body, 'utf8') };
  if (body instanceof Uint8Array) return { status, kind: 'binary', body };
  const encoded = encoding === 'bt' ? bencode(body.bt('raw')) : Buffer.from(body.json(), 'utf8');
  return { status, kind: 'json', body: encoded };
}

/** The JSON of a reply that is to be sent piece by piece; null for any other. */
export const longJsonOf = ({ body }: RpcReply): LongJson | null => (isStructured(body) ? body.long : null);

/** Replies as the parts of another one. Structure is not parsed again to be put together; bytes are base64. */
export class PartBody implements StructuredBody {
  constructor(private readonly reply: RpcReply) {}

  json(): string {
    const { status, body } = this.reply;
    return `{"body":${jsonOf(body)},"code":${status}}`;
  }

  get long(): LongJson | null {
    const long = longJsonOf(this.reply);
    if (long === null) return null;
    const [head, tail] = ['{"body":', `,"code":${this.reply.status}}`];
    return { bytes: head.length + long.bytes + tail.length, pieces: () => enclosed(head, [long.pieces()], tail) };
  }

  /** What is base64 in JSON is base64 here too. */
  bt(): Bencodable {
    const { status, body } = this.reply;
    return { body: isStructured(body) ? body.bt('base64') : textOf(body), code: status };
  }
}

/** Bodies with text before and after them. */
export function* enclosed(head: string, bodies: readonly Iterable<string>[], tail: string): Iterable<string> {
  yield head;
  for (const body of bodies) yield* body;
  yield tail;
}

const isStructured = (body: RpcReply['body']): body is StructuredBody =>
  typeof body !== 'string' && !(body instanceof Uint8Array);

const jsonOf = (body: RpcReply['body']): string => (isStructured(body) ? body.json() : JSON.stringify(textOf(body)));

const textOf = (body: string | Uint8Array): string =>
  typeof body === 'string' ? body : Buffer.from(body).toString('base64');
