import { randomBytes } from 'node:crypto';
import { nativePrimitives } from '#platform';
import type { RandomBytes } from '#protocol';

/** Shorter runs of digits or letters turn up by chance in megabytes of numbers. */
const MIN_FORM_LENGTH = 8;
/** Base64 of bytes that begin anywhere in something larger: three ways to cut them. */
const ALIGNMENTS = [0, 1, 2] as const;
const SECRET_BYTES = 32;

/** What must not be found, in every form in which a program might write it down. */
export class Needles {
  /** Each form, and what it is a form of. */
  readonly #forms = new Map<string, string>();
  readonly #ports = new Set<number>();

  /** Anything that is written as it is: an address, a text. Its bytes count too. */
  text(what: string, value: string): void {
    this.#add(what, value);
    this.bytes(what, Buffer.from(value));
  }

  /** A key, a hash, a body: raw, in hexadecimal digits, and in both kinds of base64, alone or inside of more. */
  bytes(what: string, value: Uint8Array): void {
    const bytes = Buffer.from(value);
    this.#add(what, bytes.toString('latin1'));
    this.#add(what, bytes.toString('hex'));
    for (const alignment of ALIGNMENTS) this.#add(what, inBase64(bytes, alignment));
  }

  /** A port of a client, which may be a line's number; elsewhere five digits mean nothing. */
  port(value: number): void {
    this.#ports.add(value);
  }

  /** Random numbers of a client: the ephemeral keys of its onions are made from them. */
  readonly random: RandomBytes = (length) => {
    const bytes = randomBytes(length);
    if (length !== SECRET_BYTES) return bytes;
    this.bytes('an ephemeral secret', bytes);
    this.bytes('an ephemeral key', nativePrimitives().x25519PublicKey(bytes));
    return bytes;
  };

  get size(): number {
    return this.#forms.size;
  }

  /** Names of what is in the text, read byte by byte. */
  foundIn(text: Buffer): string[] {
    const asWritten = text.toString('latin1');
    const ways = [asWritten, asWritten.toLowerCase(), asWritten.replaceAll('-', '+').replaceAll('_', '/')];
    const found = [...this.#forms].filter(([form]) => ways.some((way) => way.includes(form)));
    return [...new Set(found.map(([, what]) => what))].sort();
  }

  /** Ports of clients that a line of a log has as a number. */
  portsIn(line: string): number[] {
    return [...line.matchAll(/(?<![\d.])\d{4,5}(?![\d.])/g)]
      .map(([digits]) => Number(digits))
      .filter((n) => this.#ports.has(n));
  }

  #add(what: string, form: string): void {
    if (form.length >= MIN_FORM_LENGTH) this.#forms.set(form, what);
  }
}

/** The characters that depend on these bytes alone, whatever stands before and behind them. */
function inBase64(bytes: Buffer, before: number): string {
  const whole = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const from = Math.ceil((before * 4) / 3);
  const to = Math.floor(((before + bytes.length) * 4) / 3);
  return whole.slice(from, to);
}
