import { readFileSync } from 'node:fs';

/** The commands of a page of the manual, as they stand there. */
export interface ShellBlock {
  /** Word after `sh` at the fence: what a machine must have for it; empty for a block that runs anywhere. */
  readonly needs: string;
  readonly text: string;
}

const FENCED = /^```(\S*) ?(.*)\n([\s\S]*?)^```$/gm;

/** The blocks of a Markdown page marked `sh`, in their order. */
export function shellBlocksOf(page: string): ShellBlock[] {
  return fencedOf(page)
    .filter(({ language }) => language === 'sh')
    .map(({ needs, text }) => ({ needs, text }));
}

/** Blocks without a language: lines for a file. */
export const plainBlocksOf = (page: string): string[] =>
  fencedOf(page)
    .filter(({ language }) => language === '')
    .map(({ text }) => text);

function fencedOf(page: string): { language: string; needs: string; text: string }[] {
  const found = readFileSync(page, 'utf8').matchAll(FENCED);
  return [...found].map(([, language = '', needs = '', text = '']) => ({ language, needs, text }));
}
