// `npm run check:docs`: every relative link of our Markdown leads somewhere, every document that code or text names is
// there, every `docs/protocol/x.md §n` names a section of it, a test accounts for every block of commands, every command of
// ours that prose names is there, and every metric that README.md and docs/operators name is exported. Wants the build.
// `node scripts/check-docs.mjs FOLDER` checks another folder.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { citations } from './lib/citations.mjs';
import { pagesRunBy, unaccountedCommands } from './lib/commands.mjs';
import { brokenLinks } from './lib/links.mjs';
import { METRICS_PAGE, metricsOn, unknownMetrics } from './lib/metrics.mjs';
import { namesStarling, unknownCommands } from './lib/named-commands.mjs';
import { ROOT } from './lib/prepare.mjs';
import { say } from './lib/say.mjs';

/** What is not ours, or was made from what is. */
const SKIPPED = new Set(['node_modules', 'dist', '.git', '.starling', 'coverage']);
const READ = new Set(['.md', '.ts', '.mjs', '.js', '.lua', '.proto', '.yml', '.yaml', '.sh']);
const PROTOCOL = 'docs/protocol';
/** What was is told there. */
const HISTORY = /^(?:CHANGELOG\.md$|docs\/decisions\/)/;
/** Where operators read of metrics; CHANGELOG.md has names that are gone. */
const OF_OPERATORS = /^(?:README\.md$|docs\/operators\/)/;

const root = resolve(process.argv[2] ?? ROOT);
const files = [...filesIn(root)].sort();
const sections = new Map(
  files
    .filter((file) => dirname(file) === PROTOCOL && extname(file) === '.md')
    .map((file) => [file, sectionsOf(read(file))]),
);
const metrics = metricsOn(files.includes(METRICS_PAGE) ? read(METRICS_PAGE) : '');
const ours = {
  scripts: new Set(Object.keys(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts)),
  cli: files.some((file) => extname(file) === '.md' && namesStarling(read(file))) ? await commandLine() : null,
};
const run = new Set(files.filter((file) => file.endsWith('.test.ts')).flatMap((file) => pagesRunBy(read(file))));
const misses = files.flatMap(missesIn);
for (const { file, line, problem } of misses) say(`${file}:${line}: ${problem}`);
if (misses.length > 0) {
  say(`${misses.length} wrong in ${new Set(misses.map(({ file }) => file)).size} files.`);
  process.exit(1);
}
say(`${files.length} files: every link and every citation leads somewhere, every command is accounted for.`);

function* filesIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) yield* filesIn(path);
    else if (entry.isFile() && READ.has(extname(entry.name))) yield relative(root, path);
  }
}

/** All that `starling` can be told, from the build. */
async function commandLine() {
  const { everyCommand } = await import('../dist/apps/cli/src/program.js');
  const { env, stdout, stderr } = process;
  return everyCommand({ env, stdout, stderr });
}

function read(file) {
  return readFileSync(join(root, file), 'utf8');
}

/** Each problem of a file once, at the first place. */
function missesIn(file) {
  const text = read(file);
  const told = new Set();
  const found = [];
  if (extname(file) === '.md') {
    found.push(...brokenLinks(join(root, file), text), ...unaccountedCommands(text, run.has(file)));
    if (!HISTORY.test(file)) found.push(...unknownCommands(text, ours));
    if (OF_OPERATORS.test(file)) found.push(...unknownMetrics(text, metrics));
  }
  for (const { index, document, section } of citations(file, text)) {
    const problem = citationProblem(document, section);
    if (problem) found.push({ index, problem });
  }
  return found
    .filter(({ problem }) => !told.has(problem) && told.add(problem))
    .map(({ index, problem }) => ({ file, line: text.slice(0, index).split('\n').length, problem }));
}

/** A document that lies elsewhere than under docs/protocol only has to exist. */
function citationProblem(document, section) {
  if (document === null) return `§${section} names no document: write docs/protocol/NAME.md §${section}`;
  if (!existsSync(join(root, document))) return `there is no ${document}`;
  if (section === null || sections.get(document)?.has(section) !== false) return null;
  return `${document} has no §${section}: neither a heading nor a rule has this number`;
}

/** Numbers of headings (`## 8.`, `### 8.4 to 8.10`) and of rules (`**8.4.1**`), and what they are part of. */
function sectionsOf(text) {
  const numbers = new Set();
  const heading = /^#+ (?:([\d.]+)\.(\d+) to [\d.]+\.(\d+)|(\d+(?:\.\d+)*))\b/gm;
  for (const [, parent, first, last, single] of text.matchAll(heading)) {
    if (single) numbers.add(single);
    else for (let part = Number(first); part <= Number(last); part++) numbers.add(`${parent}.${part}`);
  }
  for (const [, number] of text.matchAll(/^\s*- \*\*(\d+(?:\.\d+)*)\*\*/gm)) numbers.add(number);
  for (const number of [...numbers]) {
    for (let end = number.lastIndexOf('.'); end > 0; end = number.lastIndexOf('.', end - 1))
      numbers.add(number.slice(0, end));
  }
  return numbers;
}
