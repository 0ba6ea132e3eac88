import { Inject, Injectable } from '@nestjs/common';
import { PRIMITIVES } from '#platform';
import { authorizeRevocation, type Circumstances, type Primitives, type RevocationRequest } from '#protocol';
import { NodeSigner } from '../node/node-signer.js';
import type { NodeResult } from '../replication/node-result.js';
import type { SwarmMethod } from '../replication/swarm-method.js';
import { Revocations } from './revocations.js';

/** docs/protocol/storage-rpc.md §8.10 */
@Injectable()
export class UnrevokeMethod implements SwarmMethod<RevocationRequest> {
  readonly method = 'unrevoke_subaccount';

  constructor(
    @Inject(Revocations) private readonly revocations: Revocations,
    @Inject(PRIMITIVES) private readonly primitives: Primitives,
    @Inject(NodeSigner) private readonly signer: NodeSigner,
  ) {}

  authorize(request: RevocationRequest, at: Circumstances): void {
    authorizeRevocation(this.primitives, request, at);
  }

  async carryOut({ account, tokens, proof }: RevocationRequest, nowMs: number): Promise<NodeResult> {
    const count = await this.revocations.unrevoke(account, tokens, nowMs);
    return { count, signature: this.signer.signTexts(account, [proof.signedAtMs, ...tokens]) };
  }
}
