import type { Bencodable } from '#protocol';
import type { Page, StoredMessage } from '../mailbox/mailboxes.js';
import type { Binaries, LongJson, StructuredBody } from '../rpc/reply-body.js';

/** Data below this is written at once: pieces would cost more than they save. */
const LONG_BYTES = 256 * 1024;

/** A page of messages. Written by hand: nothing in it needs escaping, and it holds megabytes. docs/protocol/storage-rpc.md §8.2 */
export class PageBody implements StructuredBody {
  constructor(
    private readonly page: Page,
    private readonly hardfork: readonly [number, number],
    private readonly nowMs: number,
  ) {}

  json(): string {
    return `${this.#head()}${this.page.messages.map(messageText).join(',')}${this.#tail()}`;
  }

  get long(): LongJson | null {
    const { messages } = this.page;
    if (messages.reduce((sum, { data }) => sum + data.length, 0) < LONG_BYTES) return null;
    const [head, tail] = [this.#head(), this.#tail()];
    const commas = messages.length - 1;
    const bytes = messages.reduce((sum, message) => sum + textBytes(message), head.length + commas + tail.length);
    return { bytes, pieces: () => pieces(head, messages, tail) };
  }

  bt(binaries: Binaries): Bencodable {
    const { messages, more } = this.page;
    const dicts = messages.map(({ data, expiryMs, hash, timestampMs }) => ({
      data: binaries === 'raw' ? data : data.toString('base64'),
      expiration: expiryMs,
      hash,
      timestamp: timestampMs,
    }));
    return { hf: this.hardfork, messages: dicts, more, t: this.nowMs };
  }

  #head(): string {
    return `{"hf":[${this.hardfork.join(',')}],"messages":[`;
  }

  #tail(): string {
    return `],"more":${this.page.more},"t":${this.nowMs}}`;
  }
}

function* pieces(head: string, messages: readonly StoredMessage[], tail: string): Iterable<string> {
  let before = head;
  for (const message of messages) {
    yield `${before}${messageText(message)}`;
    before = ',';
  }
  yield tail;
}

const messageText = (message: StoredMessage): string =>
  `{"data":"${message.data.toString('base64')}${afterData(message)}`;

const afterData = ({ expiryMs, hash, timestampMs }: StoredMessage): string =>
  `","expiration":${expiryMs},"hash":"${hash}","timestamp":${timestampMs}}`;

/** Length of messageText without writing it. */
const textBytes = (message: StoredMessage): number =>
  '{"data":"'.length + Math.ceil(message.data.length / 3) * 4 + afterData(message).length;
