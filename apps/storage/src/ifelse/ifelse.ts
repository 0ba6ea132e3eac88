import { conditionHolds, type Bencodable, type IfElseRequest, type RpcRequest } from '#protocol';
import { PartBody } from '../rpc/encode-reply.js';
import type { StructuredBody } from '../rpc/reply-body.js';
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
  const result = branch === null ? null : new PartBody(await run(branch));
  return { status: 200, body: new IfElseBody(condition, surroundings, result) };
}

class IfElseBody implements StructuredBody {
  constructor(
    private readonly condition: boolean,
    private readonly surroundings: Surroundings,
    private readonly result: PartBody | null,
  ) {}

  json(): string {
    const { height, hardfork, version } = this.surroundings;
    const facts = `"condition":${this.condition},"height":${height},"hf":[${hardfork.join(',')}]`;
    const result = this.result === null ? '' : `,"result":${this.result.json()}`;
    return `{${facts}${result},"v":[${version.join(',')}]}`;
  }

  bt(): Bencodable {
    const { height, hardfork, version } = this.surroundings;
    return { condition: this.condition, height, hf: hardfork, result: this.result?.bt(), v: version };
  }
}
