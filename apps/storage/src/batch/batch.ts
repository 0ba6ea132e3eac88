import type { SimpleRequest } from '#protocol';
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

/** The parts are JSON text already, and are not parsed again to be put together. */
function results(replies: readonly RpcReply[]): RpcReply {
  return { status: 200, kind: 'json', text: `{"results":[${replies.map(partText).join(',')}]}` };
}

/** A reply as part of another. */
export const partText = ({ status, kind, text }: RpcReply): string =>
  `{"body":${kind === 'json' ? text : JSON.stringify(text)},"code":${status}}`;
