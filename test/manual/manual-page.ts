import { readFileSync } from 'node:fs';
import { afterAll, expect } from '@jest/globals';

const FENCED = /^```(\S*) ?(.*)\n([\s\S]*?)^```$/gm;

/**
 * A page whose commands a test runs: all of them, or the suite that read it fails. `npm run check:docs` wants such a
 * test, which calls `ManualPage.read` with the path written out, for every page with blocks marked `sh`. A block marked
 * `sh host: …` needs a machine that no test has.
 */
export class ManualPage {
  readonly #blocks: string[] = [];
  readonly #left = new Set<string>();
  /** Blocks without a language: lines for a file, or what is printed. */
  readonly plain: readonly string[];

  private constructor(readonly path: string) {
    const fenced = [...readFileSync(path, 'utf8').matchAll(FENCED)];
    for (const [, language, needs, text = ''] of fenced) {
      if (language !== 'sh' || needs !== '') continue;
      this.#blocks.push(text);
      this.#left.add(text);
    }
    this.plain = fenced.filter(([, language]) => language === '').map(([, , , text = '']) => text);
  }

  /** Inside `describe`, whose tests then have to take every block. */
  static read(path: string): ManualPage {
    const page = new ManualPage(path);
    afterAll(() => expect([...page.#left]).toEqual([]));
    return page;
  }

  /** All blocks, in their order. */
  takeAll(): readonly string[] {
    this.#left.clear();
    return this.#blocks;
  }

  /** The commands of the one block that has these words, in their order. */
  take(words: string): string[] {
    const [text, another] = this.#blocks.filter((block) => block.includes(words));
    if (text === undefined || another !== undefined) throw new Error(`${this.path}: not one block has ${words}`);
    this.#left.delete(text);
    return text.trim().split(/(?<!\\)\n/);
  }
}
