import { bdecode, parseJson, type BValue, type JsonValue } from '#protocol';

const decoder = new TextDecoder();

/** What a node answered to a request of its storage. */
export class StreamReply {
  constructor(
    readonly status: number,
    readonly bytes: Uint8Array,
  ) {}

  /** Reads one part, or two: the status and the body. docs/protocol/storage-rpc.md §1.3.2 */
  static read([first = new Uint8Array(), second]: readonly Uint8Array[]): StreamReply {
    return second === undefined ? new StreamReply(200, first) : new StreamReply(Number(decoder.decode(first)), second);
  }

  get text(): string {
    return decoder.decode(this.bytes);
  }

  /** Throws InvalidJson. */
  json(): JsonValue {
    return parseJson(this.bytes);
  }

  /** Throws InvalidBencode. */
  bt(): BValue {
    return bdecode(this.bytes);
  }
}
