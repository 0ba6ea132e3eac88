import {
  encodeNodeReply,
  openLayer,
  sealReply,
  type HopFrame,
  type LayerKey,
  type NodeKey,
  type OpenedLayer,
  type Primitives,
  type RandomBytes,
  type WireReply,
} from '#protocol';
import type { HopAnswer } from './hop-answer.js';
import type { OnionOutcome } from './outcome.js';

/** From here on a second copy in memory costs more than copying. */
const LARGE_BYTES = 256 * 1024;

/**
 * This node's hands on a layer: opens what was sealed for it, seals what it answers. Opening is synchronous, so that
 * this process never works on more than one at a time.
 */
export class LayerBox {
  private readonly secretKey: Uint8Array;
  private readonly publicKey: Uint8Array;

  constructor(
    private readonly primitives: Primitives,
    private readonly random: RandomBytes,
    key: NodeKey,
    private readonly allowAesCbc: boolean,
  ) {
    this.secretKey = key.x25519.secretKey;
    this.publicKey = key.x25519.publicKey;
  }

  /** Null for all that is answered `Invalid ciphertext`. Of a large layer `data` is overwritten, all but its last 16 bytes. */
  open({ data, encType, ephemeralKey }: HopFrame): OpenedLayer | null {
    const { secretKey, publicKey, allowAesCbc } = this;
    const layer = { ciphertext: data, encType, ephemeralKey, secretKey, publicKey, allowAesCbc };
    const opened = openLayer(this.primitives, layer);
    if (opened === null || opened.plaintext.length < LARGE_BYTES) return opened;
    // Into the room of the ciphertext, which is not needed any more and would stay in memory as long as the request.
    data.set(opened.plaintext);
    return { ...opened, plaintext: data.subarray(0, opened.plaintext.length) };
  }

  /** The outer status of everything sealed is 200; hops on the way back cannot tell success from failure. */
  seal(layer: LayerKey, plaintext: Uint8Array, base64: boolean, outcome: OnionOutcome): HopAnswer {
    const sealed = sealReply(this.primitives, this.random, layer, plaintext);
    return { status: 200, body: base64 ? base64Of(sealed) : sealed, outcome };
  }

  /** Words of our own, for the client that made the layer. docs/protocol/onion.md §10.2 */
  sealWords(layer: LayerKey, words: WireReply, outcome: OnionOutcome, base64 = true): HopAnswer {
    return this.seal(layer, encodeNodeReply(words), base64, outcome);
  }
}

/** Buffer's own encoder: replies reach megabytes. */
function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
