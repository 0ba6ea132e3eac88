import { Inject, Injectable } from '@nestjs/common';
import { PRIMITIVES } from '#platform';
import { concatBytes, NodeKey, utf8, type AccountId, type Primitives } from '#protocol';

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

  /** What we did for an account: its hex, and the parts without anything between them. 64 bytes. */
  signTexts(account: AccountId, parts: readonly (string | number | Uint8Array)[]): Uint8Array {
    const bytes = parts.map((part) => (part instanceof Uint8Array ? part : utf8(String(part))));
    return this.sign(concatBytes(utf8(account.hex), ...bytes));
  }
}
