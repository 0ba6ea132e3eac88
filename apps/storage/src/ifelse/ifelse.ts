import { conditionHolds, type IfElseRequest, type RpcRequest } from '#protocol';
import { partText } from '../batch/batch.js';
import type { RpcReply } from '../rpc/rpc-handler.js';

type Surroundings = Parameters<typeof conditionHolds>[1];

/** Runs one branch or none. docs/protocol/storage-rpc.md §9.3 */
export async function runIfElse(
  request: IfElseRequest<RpcRequest>,
  surroundings: Surroundings,
  run: (request: RpcRequest) => Promise<RpcReply>,
): Promise<RpcReply> {
  const condition = conditionHolds(request.condition, surroundings);
  const branch = condition ? request.then : request.else;
  const { height, hardfork, version } = surroundings;
  const facts = `"condition":${condition},"height":${height},"hf":[${hardfork.join(',')}]`;
  const result = branch === null ? '' : `,"result":${partText(await run(branch))}`;
  return { status: 200, kind: 'json', text: `{${facts}${result},"v":[${version.join(',')}]}` };
}
