import type { MessagePart } from '#protocol';
import { HTTP_TEXTS } from '../../listener/http-texts.js';

/** Who sends commands, whatever carries them: a connection that lasts. */
export interface Caller {
  /** For the limit of requests an address; never logged. */
  readonly address: string;
  /** False when the client has gone. */
  readonly isOpen: boolean;
  /** Sends a message that answers nothing; false when it cannot be sent. */
  push(message: readonly MessagePart[]): boolean;
  /** Ends the connection when what is being answered has been answered. */
  leave(): void;
}

/** One command. Knows parts, and nothing of what carries them. */
export interface Command {
  /** The parts of the answer after `REPLY` and the tag. Rejects only for a fault of ours. */
  run(parts: readonly Uint8Array[], caller: Caller): Promise<readonly MessagePart[]>;
}

/** Any status but 200 is two parts. docs/protocol/storage-rpc.md §1.3 */
export const refusal = (status: number, text: string): readonly MessagePart[] => [String(status), text];

export const BUSY = refusal(503, HTTP_TEXTS.busy);
