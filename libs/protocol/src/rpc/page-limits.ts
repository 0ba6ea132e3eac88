/** How much one answer to `retrieve` may hold: docs/protocol/storage-rpc.md §8.2. */
export interface PageLimits {
  /** Null when only the size counts. */
  readonly maxMessages: number | null;
  /** Sum of messageCost over the messages of the page; the first message is given even when it alone is above. */
  readonly maxCost: number;
}

/** Of the messages of one page, in the units of messageCost. */
export const MAX_PAGE_COST = 7_800_000;
/** What a client gets that asks for nothing: a fifth, because it usually asks for several namespaces at once. */
const DEFAULT_SHARE = 5;

const COST_OF_FIELDS = 100;
const COST_OF_HASH = 43;

/** What a message of so many bytes counts, in every encoding: as if its data were base64. */
export const messageCost = (dataBytes: number): number =>
  COST_OF_FIELDS + COST_OF_HASH + Math.floor((dataBytes * 4) / 3);

/** Zero and null mean "not given", and so does a negative count; a negative size -n asks for 1/n of the most. */
export function pageLimits(maxCount: number | null, maxSize: number | null): PageLimits {
  const maxMessages = maxCount !== null && maxCount > 0 ? maxCount : null;
  return { maxMessages, maxCost: maxCost(maxSize ?? 0, maxMessages !== null) };
}

function maxCost(maxSize: number, hasCount: boolean): number {
  if (maxSize > 0) return Math.min(maxSize, MAX_PAGE_COST);
  if (maxSize < 0) return Math.floor(MAX_PAGE_COST / -maxSize);
  return hasCount ? MAX_PAGE_COST : Math.floor(MAX_PAGE_COST / DEFAULT_SHARE);
}
