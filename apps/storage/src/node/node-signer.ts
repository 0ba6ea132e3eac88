import { Inject, Injectable } from '@nestjs/common';
import { PRIMITIVES } from '#platform';
import { NodeKey, type Primitives } from '#protocol';

/** Signs what this node says it did. The only user of the secret key in this service besides the peer certificate. */
@Injectable()
export class NodeSigner {
  constructor(
    @Inject(NodeKey) private readonly key: NodeKey,
    @Inject(PRIMITIVES) private readonly primitives: Primitives,
  ) {}

  /** 64 bytes. */
  sign(message: Uint8Array): Uint8Array {
    return this.primitives.ed25519Sign(message, this.key.ed25519);
  }
}
