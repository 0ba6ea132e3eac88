import { dirname } from 'node:path';

const PROTOCOL = 'docs/protocol';
/** What a line of a comment or a list may begin with, so that a citation may go over its end. */
const GAP = '[\\s*/#-]+';
/** The number of a section, with the document when it stands right before it. */
const CITATION = new RegExp(`(?:(docs/[\\w/-]+|[\\w-]+)(\\.md)?[)\`]*${GAP})?§ ?(\\d+(?:\\.\\d+)*)`, 'g');
/** A citation goes on with `, §n` or `and §n`, with words in brackets behind each number. */
const GOES_ON = new RegExp(`^(?:${GAP}\\([^)]*\\))?(?:[,;]|${GAP}and|${GAP}to)?${GAP}$`);
/** Sections of other people's documents. */
const FOREIGN = /(?:RFC|draft)[\s*/-]?[\w-]*[\s*/#-]+$/;
/** A name of one letter, or in capitals, stands for any. */
const NAMED = /\bdocs\/(?:[a-z0-9-]+\/)*[a-z0-9-]{2,}\.md\b/g;

/**
 * Every `§n` of a text with the document it belongs to, and every document that is named without one (`section` null).
 * In a document of docs/protocol a bare number means that document; elsewhere `document` is null then.
 */
export function* citations(file, text) {
  for (const { index, 0: document } of text.matchAll(NAMED)) yield { index, document, section: null };

  const own = dirname(file) === PROTOCOL ? file : null;
  let before = { end: -1, document: own };
  for (const match of text.matchAll(CITATION)) {
    const [whole, name, suffix, section] = match;
    const start = match.index + whole.indexOf('§');
    if (FOREIGN.test(text.slice(Math.max(0, start - 60), start))) continue;
    const isChained = before.end >= 0 && GOES_ON.test(text.slice(before.end, start));
    const document = documentOf(name, suffix) ?? (isChained ? before.document : own);
    yield { index: start, document, section };
    before = { end: match.index + whole.length, document };
  }
}

/** Ordinary words stand before a `§` too: without `.md` only what looks like a name counts. */
function documentOf(name, suffix) {
  if (name === undefined) return null;
  if (suffix) return name.includes('/') ? `${name}.md` : `${PROTOCOL}/${name}.md`;
  return ['storage-rpc', 'client-messages'].includes(name) ? `${PROTOCOL}/${name}.md` : null;
}
