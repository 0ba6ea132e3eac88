import { randomBytes } from 'node:crypto';
import {
  buildOnion,
  clientLayerKey,
  joinPayload,
  noblePrimitives,
  seal,
  unseal,
  type EncType,
  type FinalControl,
  type NodeTarget,
} from '#protocol';
import { hex } from '../../vectors/onion-vectors.js';
import { post, type Reply } from './https-client.js';
import { nodeVector } from './vector-network.js';

export const ONION_PATH = '/onion_req/v2';

const target = (name: string): NodeTarget => {
  const { ed25519_pubkey, x25519_pubkey } = nodeVector(name);
  return { ed25519: ed25519_pubkey, x25519: x25519_pubkey };
};

export interface Exchange extends Reply {
  /** What is inside the reply; only when the outer status is 200. */
  readonly inner: string | undefined;
}

/** A request through the named nodes to the last of them. */
export async function ask(
  port: number,
  names: readonly string[],
  payload: string | Uint8Array,
  options: { control?: FinalControl; encType?: EncType; hopNo?: number } = {},
): Promise<Exchange> {
  const nodes = names.map(target);
  const destination = nodes.at(-1);
  if (destination === undefined) throw new Error('a path needs a node');
  const plan = { path: nodes.slice(0, -1), destination, payload: Buffer.from(payload), ...options };
  const onion = buildOnion(noblePrimitives, randomBytes, plan);
  const reply = await post(port, ONION_PATH, onion.body);
  const inner = reply.status === 200 ? Buffer.from(onion.open(reply.body)).toString() : undefined;
  return { ...reply, inner };
}

/** A layer for one node, sealed as it is: its plaintext may be anything. */
export class Layer {
  private readonly ephemeral = randomBytes(32);
  private readonly key;

  constructor(
    name: string,
    private readonly encType: EncType = 'xchacha20',
  ) {
    const publicKey = noblePrimitives.x25519PublicKey(this.ephemeral);
    const key = clientLayerKey(
      noblePrimitives,
      encType,
      { secretKey: this.ephemeral, publicKey },
      hex(nodeVector(name).x25519_pubkey),
    );
    if (key === null) throw new Error('unusable key');
    this.key = key;
  }

  get opener(): { ephemeral_key: string; enc_type: EncType } {
    const publicKey = noblePrimitives.x25519PublicKey(this.ephemeral);
    return { ephemeral_key: Buffer.from(publicKey).toString('hex'), enc_type: this.encType };
  }

  seal(plaintext: Uint8Array): Uint8Array {
    return seal(noblePrimitives, randomBytes, this.key, plaintext);
  }

  /** The whole body for an entry; `control` adds to or replaces members of the outermost JSON. */
  body(plaintext: Uint8Array, control: object = {}): Uint8Array {
    return joinPayload(this.seal(plaintext), JSON.stringify({ ...this.opener, ...control }));
  }

  /** A frame of docs/protocol/onion.md §3.1 sealed for the entry. */
  frame(blob: Uint8Array | string, control: object): Uint8Array {
    return this.body(joinPayload(Buffer.from(blob), JSON.stringify(control)));
  }

  /** Opens a base64 reply; throws when it is none. */
  open(reply: Reply): string {
    const plaintext = unseal(noblePrimitives, this.key, Buffer.from(reply.text, 'base64'));
    if (plaintext === null) throw new Error(`no sealed reply: ${reply.status} ${reply.text.slice(0, 80)}`);
    return Buffer.from(plaintext).toString();
  }
}
