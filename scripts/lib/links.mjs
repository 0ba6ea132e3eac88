import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const LINK = /\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)|(?:src|href)="([^"]+)"/g;
const CODE = /^(```|~~~)[\s\S]*?^\1|`[^`\n]*`/gm;

/** Links of a Markdown text that lead to no file, or to no heading of one. Addresses on the network are not opened. */
export function* brokenLinks(path, text) {
  const prose = text.replace(CODE, (code) => code.replace(/[^\n]/g, ' '));
  for (const { index, 1: inline, 2: attribute } of prose.matchAll(LINK)) {
    const target = inline ?? attribute;
    if (/^[a-z][a-z+.-]*:/i.test(target)) continue;
    const [place, anchor] = target.split('#');
    const file = place === '' ? path : join(dirname(path), decodeURI(place));
    if (!existsSync(file)) yield { index, problem: `the link ${target} leads to no file` };
    else if (anchor && !anchorsOf(readFileSync(file, 'utf8')).has(anchor))
      yield { index, problem: `the link ${target} leads to no heading` };
  }
}

/** Headings as they are linked: lower case, punctuation dropped, spaces as hyphens, `-1` and so on for repeats. */
function anchorsOf(text) {
  const anchors = new Set();
  for (const [, heading] of text.replace(CODE, (code) => (code.includes('\n') ? '' : code)).matchAll(/^#+ (.+)$/gm)) {
    const plain = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    let anchor = plain;
    for (let count = 1; anchors.has(anchor); count++) anchor = `${plain}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}
