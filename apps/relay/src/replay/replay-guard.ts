import type { HopFrame } from '#protocol';
import type { ReplayFilter } from './replay-filter.js';

/** End of every ciphertext: the tag, or in AES-CBC, which has none, the last block. */
const TAG_BYTES = 16;

/** Counts layers that were opened before, and says whether they are refused. docs/protocol/onion.md §2.2.6 */
export class ReplayGuard {
  /** Found so far. */
  replays = 0;

  constructor(
    private readonly filter: ReplayFilter,
    private readonly isRefusing: boolean,
  ) {}

  /** To be asked about layers that could be opened only: what cannot be opened must not fill the filter. */
  refuses({ ephemeralKey, data }: HopFrame): boolean {
    if (!this.filter.seen(ephemeralKey, data.subarray(-TAG_BYTES))) return false;
    this.replays += 1;
    return this.isRefusing;
  }
}
