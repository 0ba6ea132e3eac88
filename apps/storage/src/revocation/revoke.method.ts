import { Inject, Injectable } from '@nestjs/common';
import { PRIMITIVES } from '#platform';
import { authorizeRevocation, type Circumstances, type Primitives, type RevocationRequest } from '#protocol';
import { NodeSigner } from '../node/node-signer.js';
import type { NodeResult } from '../replication/node-result.js';
import type { SwarmMethod } from '../replication/swarm-method.js';
import { Revocations } from './revocations.js';

/** docs/protocol/storage-rpc.md §8.9; `count` as it is documented. */
@Injectable()
export class RevokeMethod implements SwarmMethod<RevocationRequest> {
  readonly method = 'revoke_subaccount';

  constructor(
    @Inject(Revocations) private readonly revocations: Revocations,
    @Inject(PRIMITIVES) private readonly primitives: Primitives,
    @Inject(NodeSigner) private readonly signer: NodeSigner,
  ) {}

  authorize(request: RevocationRequest, at: Circumstances): void {
    authorizeRevocation(this.primitives, request, at);
  }

  async carryOut({ account, tokens, proof }: RevocationRequest, nowMs: number): Promise<NodeResult> {
    await this.revocations.revoke(account, tokens, nowMs);
    const signature = this.signer.signTexts(account, [proof.signedAtMs, ...tokens]);
    return { count: tokens.length, signature };
  }
}
