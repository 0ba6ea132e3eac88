import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import type { RandomBytes } from '#protocol';
import { keyFor, SALT_BYTES } from '../keys/passphrase-key.js';
import { ConfigurationProblem, Problem } from '../problems.js';

const FORMAT = 'starling-backup';
const VERSION = 1;
const TAG_BYTES = 16;
const NONCE_BYTES = 12;
const LENGTH_BYTES = 4;
/** What is sealed at a time, and all that has to be in memory of the whole. */
const PART_BYTES = 1_024 * 1_024;
/** One line of JSON; a first line that is longer is of another file. */
const MAX_HEAD_BYTES = 1_024;
const LINE_END = 0x0a;
/** The part that seals nothing, by which a wrong passphrase is known before anything is read. */
const CHECK_PART = 0xffffffff;

const headSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  ed25519: z.string().regex(/^[0-9a-f]{64}$/),
  salt: z.base64().transform((text) => Buffer.from(text, 'base64')),
  check: z.base64().transform((text) => Buffer.from(text, 'base64')),
});

/** The number of a part and whether it is the last: a file that is cut off, or whose parts changed places, does not open. */
function nonceOf(part: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeUInt8(isLast ? 1 : 0, 0);
  nonce.writeUInt32BE(part, NONCE_BYTES - LENGTH_BYTES);
  return nonce;
}

const boundTo = (ed25519: string): Buffer => Buffer.from(`${FORMAT} ${VERSION} ${ed25519}`);

/** Writes a sealed file from its beginning; `write` it in any pieces, then `end`. docs/operators/cli.md */
export class SealedWriter {
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #part = 0;

  private constructor(
    private readonly file: FileHandle,
    private readonly key: Buffer,
    private readonly bound: Buffer,
  ) {}

  static async begin(
    file: FileHandle,
    { ed25519, passphrase, random }: { ed25519: string; passphrase: string; random: RandomBytes },
  ): Promise<SealedWriter> {
    const salt = random(SALT_BYTES);
    const writer = new SealedWriter(file, await keyFor(passphrase, salt), boundTo(ed25519));
    const check = writer.#sealed(CHECK_PART, true, Buffer.alloc(0));
    const head = { format: FORMAT, version: VERSION, ed25519, salt: text(salt), check: text(check) };
    await file.appendFile(`${JSON.stringify(head)}\n`);
    return writer;
  }

  async write(bytes: Buffer): Promise<void> {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    while (this.#waitingBytes > PART_BYTES) await this.#writePart(PART_BYTES, false);
  }

  async end(): Promise<void> {
    await this.#writePart(this.#waitingBytes, true);
  }

  async #writePart(bytes: number, isLast: boolean): Promise<void> {
    const all = Buffer.concat(this.#waiting);
    this.#waiting = [all.subarray(bytes)];
    this.#waitingBytes = all.length - bytes;
    const sealed = this.#sealed(this.#part++, isLast, all.subarray(0, bytes));
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(sealed.length);
    await this.file.appendFile(Buffer.concat([length, sealed]));
  }

  #sealed(part: number, isLast: boolean, plain: Buffer): Buffer {
    const cipher = createCipheriv('aes-256-gcm', this.key, nonceOf(part, isLast)).setAAD(this.bound);
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }
}

/** A sealed file whose passphrase is right. */
export class SealedReader {
  private constructor(
    private readonly file: FileHandle,
    private readonly where: string,
    private readonly key: Buffer,
    readonly ed25519: string,
    private readonly start: number,
  ) {}

  /** Throws ConfigurationProblem for what is no such file, Problem for a wrong passphrase. `where` names the file. */
  static async open(file: FileHandle, where: string, passphrase: string): Promise<SealedReader> {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_HEAD_BYTES), 0, MAX_HEAD_BYTES, 0);
    const lineBytes = buffer.subarray(0, bytesRead).indexOf(LINE_END);
    const head = readHead(buffer.subarray(0, Math.max(0, lineBytes)), where);
    const key = await keyFor(passphrase, head.salt);
    const reader = new SealedReader(file, where, key, head.ed25519, lineBytes + 1);
    if (reader.#opened(CHECK_PART, true, head.check) === null) {
      throw new Problem(`${where} does not open: the passphrase is wrong, or its first line is damaged.`);
    }
    return reader;
  }

  /** What was written, part by part; every part is checked before it is given. Throws Problem for a damaged file. */
  async *parts(): AsyncGenerator<Buffer> {
    const { size } = await this.file.stat();
    let at = this.start;
    for (let part = 0; ; part++) {
      const length = (await this.#bytesAt(at, LENGTH_BYTES)).readUInt32BE();
      if (length > PART_BYTES + TAG_BYTES) throw this.#damaged(at);
      const sealed = await this.#bytesAt(at + LENGTH_BYTES, length);
      const end = at + LENGTH_BYTES + length;
      const isLast = end === size;
      const plain = this.#opened(part, isLast, sealed);
      if (plain === null) throw this.#damaged(at);
      yield plain;
      if (isLast) return;
      at = end;
    }
  }

  async #bytesAt(at: number, length: number): Promise<Buffer> {
    const { buffer, bytesRead } = await this.file.read(Buffer.allocUnsafe(length), 0, length, at);
    if (bytesRead < length) throw this.#damaged(at);
    return buffer;
  }

  #opened(part: number, isLast: boolean, sealed: Buffer): Buffer | null {
    if (sealed.length < TAG_BYTES) return null;
    const tagAt = sealed.length - TAG_BYTES;
    const decipher = createDecipheriv('aes-256-gcm', this.key, nonceOf(part, isLast))
      .setAAD(boundTo(this.ed25519))
      .setAuthTag(sealed.subarray(tagAt));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(0, tagAt)), decipher.final()]);
    } catch {
      return null;
    }
  }

  #damaged(at: number): Problem {
    return new Problem(`${this.where} is damaged or cut off, near byte ${at}: nothing of it can be trusted.`);
  }
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

function readHead(line: Buffer, where: string): z.infer<typeof headSchema> {
  try {
    return headSchema.parse(JSON.parse(line.toString('utf8')));
  } catch {
    throw new ConfigurationProblem(`${where} is no backup of version ${VERSION}, or it is damaged.`);
  }
}
