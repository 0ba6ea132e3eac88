import type { Bencodable } from '#protocol';
import type { Page, StoredMessage } from '../mailbox/mailboxes.js';
import type { Binaries, StructuredBody } from '../rpc/reply-body.js';

/** A page of messages. Written by hand: nothing in it needs escaping, and it holds megabytes. docs/protocol/storage-rpc.md §8.2 */
export class PageBody implements StructuredBody {
  constructor(
    private readonly page: Page,
    private readonly hardfork: readonly [number, number],
    private readonly nowMs: number,
  ) {}

  json(): string {
    const { messages, more } = this.page;
    const hf = this.hardfork.join(',');
    return `{"hf":[${hf}],"messages":[${messages.map(messageText).join(',')}],"more":${more},"t":${this.nowMs}}`;
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
}

const messageText = ({ data, expiryMs, hash, timestampMs }: StoredMessage): string =>
  `{"data":"${data.toString('base64')}","expiration":${expiryMs},"hash":"${hash}","timestamp":${timestampMs}}`;
