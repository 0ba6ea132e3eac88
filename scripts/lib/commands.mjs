/** Opening fences of Markdown, with the words behind them. */
const FENCE = /^(?:```|~~~)([^\n]*)\n[\s\S]*?^(?:```|~~~)$/gm;
/** Other words for a shell: one word makes sure that no block is overlooked. */
const SHELLS = /^(?:bash|shell|console|shellsession|zsh)\b/;
const RUN = /\bManualPage\.read\('([^'\n]+)'\)/g;

/** Pages that the tests in this source say they run, whole: what they leave out fails there (test/manual). */
export function pagesRunBy(source) {
  return [...source.matchAll(RUN)].map(([, page]) => page);
}

/** Blocks of commands that nobody accounts for. `isRun`: whether a test runs the page. */
export function* unaccountedCommands(text, isRun) {
  let commands = 0;
  for (const { index, 1: words } of text.matchAll(FENCE)) {
    if (SHELLS.test(words)) yield { index, problem: `commands are marked sh, not ${words}` };
    if (!/^sh\b/.test(words)) continue;
    if (words === 'sh') commands += 1;
    else if (!/^sh host: \S/.test(words)) yield { index, problem: `${words}: write sh, or sh host: and what it needs` };
    if (words === 'sh' && !isRun) yield { index, problem: 'no test runs these commands: see CONTRIBUTING.md' };
  }
  if (isRun && commands === 0) yield { index: 0, problem: 'a test runs the commands of this page, and it has none' };
}
