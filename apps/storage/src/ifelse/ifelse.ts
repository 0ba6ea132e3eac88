import { conditionHolds, type Bencodable, type IfElseRequest, type RpcRequest } from '#protocol';
import { enclosed, PartBody } from '../rpc/encode-reply.js';
import type { LongJson, StructuredBody } from '../rpc/reply-body.js';
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
    const result = this.result === null ? '' : `,"result":${this.result.json()}`;
    return `${this.#head()}${result}${this.#tail()}`;
  }

  get long(): LongJson | null {
    const long = this.result?.long ?? null;
    if (long === null) return null;
    const [head, tail] = [`${this.#head()},"result":`, this.#tail()];
    return { bytes: head.length + long.bytes + tail.length, pieces: () => enclosed(head, [long.pieces()], tail) };
  }

  bt(): Bencodable {
    const { height, hardfork, version } = this.surroundings;
    return { condition: this.condition, height, hf: hardfork, result: this.result?.bt(), v: version };
  }
  #head(): string {
    const { height, hardfork } = this.surroundings;
    return `{"condition":${this.condition},"height":${height},"hf":[${hardfork.join(',')}]`;
  }

  #tail(): string {
    return `,"v":[${this.surroundings.version.join(',')}]}`;
  }
}
