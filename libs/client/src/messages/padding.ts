/** docs/protocol/client-messages.md §2.3: contents are padded to steps of this size, so that lengths say little. */
const STEP_BYTES = 160;
const MARKER = 0x80;

/** Content, the marker, then zeros up to a multiple of 160 bytes. There is always at least one zero. */
export function padContent(content: Uint8Array): Uint8Array {
  const steps = Math.floor((content.length + 1) / STEP_BYTES) + 1;
  const padded = new Uint8Array(steps * STEP_BYTES);
  padded.set(content);
  padded[content.length] = MARKER;
  return padded;
}

export interface StrippedContent {
  readonly content: Uint8Array;
  /** False for a content that came without padding, which all known readers accept. */
  readonly wasPadded: boolean;
}

/** Accepts every padding length and none at all; null when there are only zeros. */
export function stripPadding(padded: Uint8Array): StrippedContent | null {
  let end = padded.length;
  while (end > 0 && padded[end - 1] === 0) end--;
  if (end === 0) return padded.length === 0 ? { content: padded, wasPadded: false } : null;
  if (padded[end - 1] === MARKER) return { content: padded.subarray(0, end - 1), wasPadded: true };
  return { content: padded, wasPadded: false };
}
