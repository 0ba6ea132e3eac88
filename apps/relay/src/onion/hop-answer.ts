import { utf8 } from '#protocol';
import type { OnionOutcome } from './outcome.js';

/** What a node answers to a layer: as it goes to the client or to the node before, in clear or sealed. */
export interface HopAnswer {
  readonly status: number;
  /** A string is ASCII. */
  readonly body: Uint8Array | string;
  readonly outcome: OnionOutcome;
  /** Only what an outside server said about its own answer; it survives no further hop. docs/protocol/onion.md §4.3 */
  readonly contentType?: string | undefined;
}

/** An answer in clear words. */
export function clear(status: number, text: string, outcome: OnionOutcome): HopAnswer {
  return { status, body: utf8(text), outcome };
}
