import { UsageProblem } from '../problems.js';

/** The Ed25519 public key that somebody typed, in lower case. Throws UsageProblem. */
export function checkedKey(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new UsageProblem(`${text} is no public key: 64 hex digits are needed, as \`starling keys show\` prints them.`);
}
