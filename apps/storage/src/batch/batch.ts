import type { Bencodable, SimpleRequest } from '#protocol';
import { enclosed, PartBody } from '../rpc/encode-reply.js';
import type { LongJson, StructuredBody } from '../rpc/reply-body.js';
import type { RpcReply } from '../rpc/rpc-handler.js';

type Run = (request: SimpleRequest) => Promise<RpcReply>;

/** All at once; results in the order of the requests. docs/protocol/storage-rpc.md §9.1 */
export async function runBatch(requests: readonly SimpleRequest[], run: Run): Promise<RpcReply> {
  return results(await Promise.all(requests.map(run)));
}

/** One after the other, up to and including the first that fails. docs/protocol/storage-rpc.md §9.2 */
export async function runSequence(requests: readonly SimpleRequest[], run: Run): Promise<RpcReply> {
  const replies: RpcReply[] = [];
  for (const request of requests) {
    const reply = await run(request);
    replies.push(reply);
    if (reply.status < 200 || reply.status > 299) break;
  }
  return results(replies);
}

/** The results of a batch or a sequence. */
class ResultsBody implements StructuredBody {
  constructor(private readonly parts: readonly PartBody[]) {}

  json(): string {
    return `{"results":[${this.parts.map((part) => part.json()).join(',')}]}`;
  }

  /** Long when a part is; the others are short, and written at once. */
  get long(): LongJson | null {
    const longs = this.parts.map((part) => part.long);
    if (longs.every((long) => long === null)) return null;
    const bodies = longs.map((long, index) => long ?? textOf(this.parts[index]?.json() ?? ''));
    const separated = bodies.flatMap((body, index) => (index === 0 ? [body] : [textOf(','), body]));
    const [head, tail] = ['{"results":[', ']}'];
    const bytes = separated.reduce((sum, body) => sum + body.bytes, head.length + tail.length);
    return {
      bytes,
      pieces: () =>
        enclosed(
          head,
          separated.map((body) => body.pieces()),
          tail,
        ),
    };
  }

  bt(): Bencodable {
    return { results: this.parts.map((part) => part.bt()) };
  }
}

const textOf = (text: string): LongJson => ({ bytes: Buffer.byteLength(text), pieces: () => [text] });

const results = (replies: readonly RpcReply[]): RpcReply => ({
  status: 200,
  body: new ResultsBody(replies.map((reply) => new PartBody(reply))),
});
