/** Blocks of code: their commands are run by tests, or marked with what they need (commands.mjs). */
const BLOCK = /^(```|~~~)[\s\S]*?^\1$/gm;
/** Inline code, which may go over the end of a line but not of a paragraph. */
const INLINE = /`((?:[^`\n]|\n(?!\s*\n))+)`/g;
/** Between two commands of a line. */
const NEXT = /\s*(?:&&|\|\||[|;])\s*/;
/** The rest is up to the reader. */
const AND_SO_ON = '…';

/** Whether `cli` is needed to judge a text. */
export function namesStarling(text) {
  return /\bstarling\s/.test(text);
}

/**
 * Commands of ours that the prose of a Markdown text names, and that there are not. `scripts`: those of package.json;
 * `cli`: the command `starling` with all that is below it, as commander has it.
 */
export function* unknownCommands(text, { scripts, cli }) {
  const prose = text.replace(BLOCK, (block) => block.replace(/[^\n]/g, ' '));
  for (const { index, 1: code } of prose.matchAll(INLINE)) {
    for (const command of code.split(NEXT)) {
      const [program, ...words] = command.trim().split(/\s+/);
      const problem = problemOf(program, words, { scripts, cli });
      if (problem) yield { index, problem: `\`${command.trim().replaceAll(/\s+/g, ' ')}\`: ${problem}` };
    }
  }
}

function problemOf(program, words, { scripts, cli }) {
  if (program === 'npx' && words[0] === 'starling') return problemOf('starling', words.slice(1), { scripts, cli });
  if (program === 'starling') return problemIn(cli, words);
  if (program !== 'npm') return null;
  const [name] = words[0] === 'run' ? words.slice(1).filter((word) => !word.startsWith('-')) : words;
  const isScript = words[0] === 'run' || name === 'test' || name === 'start';
  const isNamed = isScript && name !== undefined && name !== AND_SO_ON;
  return isNamed && !scripts.has(name) ? `there is no script ${name}` : null;
}

/** Follows the words of a command line as commander would. Square brackets stand around what may be left out. */
function problemIn(cli, words) {
  let command = cli;
  let values = 0; // that the option before may still take
  let given = 0;
  for (const word of words.map((each) => each.replaceAll(/[[\]]/g, ''))) {
    if (word === AND_SO_ON || word === '') return null;
    if (word.startsWith('-')) {
      const [flag] = word.split('=');
      const option = [...command.options, ...cli.options].find(({ long, short }) => flag === long || flag === short);
      if (option === undefined && flag !== '--help') return `there is no option ${flag}`;
      values = !option?.required || word.includes('=') ? 0 : option.variadic ? Infinity : 1;
    } else if (values > 0) values -= 1;
    else if (command.commands.length > 0) {
      const next = command.commands.find((each) => each.name() === word);
      if (next === undefined) return `there is no command ${word}`;
      command = next;
    } else if (++given > command.registeredArguments.length && !command.registeredArguments.at(-1)?.variadic) {
      return `it takes no ${word}`;
    }
  }
  return null;
}
