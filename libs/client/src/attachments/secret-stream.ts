import { poly1305 } from '@noble/ciphers/_poly1305.js';
import { chacha20, hchacha } from '@noble/ciphers/chacha.js';
import { u32, u8 } from '@noble/ciphers/utils.js';
import { concatBytes, equalBytes, utf8 } from '#protocol';

/** libsodium `secretstream_xchacha20poly1305`: a header and chunks that prove their order and their end. */
export const STREAM_HEADER_BYTES = 24;
/** A tag byte and a 16-byte code on every chunk. */
export const STREAM_CHUNK_OVERHEAD = 17;
const MAC_BYTES = 16;
const BLOCK_BYTES = 64;
const KEY_BYTES = 32;
const HCHACHA_INPUT_BYTES = 16;
const SIGMA = utf8('expand 32-byte k');

export const STREAM_TAG = { message: 0, final: 3 } as const;

/** One direction of a stream. Attachments have neither associated data nor rekeying, so it knows neither. */
export class SecretStream {
  private readonly key: Uint8Array;
  /** Counter (4 bytes, little-endian, from 1) and a part that every chunk changes (8 bytes). */
  private readonly nonce = new Uint8Array(12);

  constructor(key: Uint8Array, header: Uint8Array) {
    const subkey = new Uint32Array(KEY_BYTES / 4);
    hchacha(words(SIGMA), words(key), words(header.subarray(0, HCHACHA_INPUT_BYTES)), subkey);
    this.key = u8(subkey);
    this.nonce[0] = 1;
    this.nonce.set(header.subarray(HCHACHA_INPUT_BYTES, STREAM_HEADER_BYTES), 4);
  }

  push(message: Uint8Array, tag: number): Uint8Array {
    const tagBlock = this.tagBlock(tag);
    const ciphertext = chacha20(this.key, this.nonce, message, undefined, 2);
    const mac = this.authenticate(tagBlock, ciphertext);
    this.advance(mac);
    return concatBytes(tagBlock.subarray(0, 1), ciphertext, mac);
  }

  /** Null when the chunk was changed or is not the next one. */
  pull(chunk: Uint8Array): { readonly message: Uint8Array; readonly tag: number } | null {
    if (chunk.length < STREAM_CHUNK_OVERHEAD) return null;
    const tag = (chunk[0] ?? 0) ^ (this.tagBlock(0)[0] ?? 0);
    const ciphertext = chunk.slice(1, -MAC_BYTES);
    const mac = this.authenticate(this.tagBlock(tag), ciphertext);
    if (!equalBytes(mac, chunk.subarray(-MAC_BYTES))) return null;
    const message = chacha20(this.key, this.nonce, ciphertext, undefined, 2);
    this.advance(mac);
    return { message, tag };
  }

  /** The tag travels as the first byte of an encrypted block, of which only that byte is sent. */
  private tagBlock(tag: number): Uint8Array {
    const block = new Uint8Array(BLOCK_BYTES);
    block[0] = tag;
    return chacha20(this.key, this.nonce, block, undefined, 1);
  }

  private authenticate(tagBlock: Uint8Array, ciphertext: Uint8Array): Uint8Array {
    const macKey = chacha20(this.key, this.nonce, new Uint8Array(KEY_BYTES));
    // As libsodium does it: as many zeros as the last block has bytes, not as it lacks.
    const padding = new Uint8Array(ciphertext.length % 16);
    const lengths = new DataView(new ArrayBuffer(16));
    lengths.setBigUint64(8, BigInt(BLOCK_BYTES + ciphertext.length), true);
    return poly1305(concatBytes(tagBlock, ciphertext, padding, new Uint8Array(lengths.buffer)), macKey);
  }

  /** 2^32 chunks of 32 KiB do not occur, so the counter never wraps. */
  private advance(mac: Uint8Array): void {
    for (let index = 0; index < 8; index++) this.nonce[4 + index] = (this.nonce[4 + index] ?? 0) ^ (mac[index] ?? 0);
    const view = new DataView(this.nonce.buffer);
    view.setUint32(0, view.getUint32(0, true) + 1, true);
  }
}

/** A copy as 32-bit words: they need an aligned buffer, and the bytes may be a view. */
function words(bytes: Uint8Array): Uint32Array {
  return u32(new Uint8Array(bytes));
}
