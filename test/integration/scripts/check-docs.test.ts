import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const SCRIPT = join(import.meta.dirname, '../../../scripts/check-docs.mjs');

const FINE = 'every link and every citation leads somewhere, every command is accounted for.';

/** A document with headings and rules; the others cite it. */
const PEER = `# Between nodes

## 1. Connection

- **1.1.2** One port. See %3 and [the end](#3-to-the-end).

### 2.4 to 2.6 Several

## 3. To the end
`;

/** The check reads this file too: here `%` is the section sign and `@` the folder of the protocol. */
const spelled = (text: string): string => text.replaceAll('%', '\u00a7').replaceAll('@', 'docs/protocol/');

describe('npm run check:docs', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'starling-docs-'));
    await write('docs/protocol/peer.md', PEER);
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function write(file: string, text: string): Promise<void> {
    const path = join(folder, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, spelled(text));
  }

  /** The exit code, and what is wrong, a line each. */
  async function check(): Promise<{ code: number; lines: string[] }> {
    return new Promise((resolve) => {
      execFile(process.execPath, [SCRIPT, folder], (error, _output, errors) => {
        const code = typeof error?.code === 'number' ? error.code : 0;
        resolve({ code, lines: errors.trim().split('\n') });
      });
    });
  }

  it('passes links to files and headings, and citations of headings, rules and what they are part of', async () => {
    await write(
      'README.md',
      '[a](docs/protocol/peer.md), [b](docs/protocol/peer.md#1-connection), [c](https://x.example/#y)',
    );
    await write('one.ts', '/** @peer.md %1, %1.1 and %1.1.2; RFC 7748 %99 */');
    await write('two.lua', '-- docs/protocol/peer.md\n-- %2.5 (the middle), %2.6');
    expect(await check()).toEqual({ code: 0, lines: [`4 files: ${FINE}`] });
  });

  it.each([
    ['a link to no file', 'README.md', '\n[a](nothing.md)', 'README.md:2: the link nothing.md leads to no file'],
    ['an image that is not there', 'README.md', '![a](a.svg)', 'README.md:1: the link a.svg leads to no file'],
    [
      'a link to no heading',
      'docs/a.md',
      '[a](protocol/peer.md#2-nothing)',
      'docs/a.md:1: the link protocol/peer.md#2-nothing leads to no heading',
    ],
    [
      'a section that is not there',
      'one.ts',
      '// first\n// @peer.md %2.7',
      'one.ts:2: docs/protocol/peer.md has no %2.7: neither a heading nor a rule has this number',
    ],
    [
      'the second section of a list that goes over a line',
      'one.ts',
      '/**\n * @peer.md %1 and\n * %4 */',
      'one.ts:3: docs/protocol/peer.md has no %4: neither a heading nor a rule has this number',
    ],
    ['a document that is not there', 'one.ts', '// @pier.md %1', 'one.ts:1: there is no @pier.md'],
    ['a number without a document', 'one.ts', '// see %1', 'one.ts:1: %1 names no document: write @NAME.md %1'],
    [
      'an own section that is not there',
      'docs/protocol/swarms.md',
      '# Swarms\n\n## 1. Ids\n\nSee [peer.md](peer.md) %1 for more than %2.',
      'docs/protocol/swarms.md:5: docs/protocol/swarms.md has no %2: neither a heading nor a rule has this number',
    ],
  ])('tells %s with its place', async (_name, file, text, line) => {
    await write(file, text);
    expect(await check()).toEqual({ code: 1, lines: [spelled(line), '1 wrong in 1 files.'] });
  });

  it('passes commands of a page that a test runs, and those that say what they need', async () => {
    await write('docs/a.md', '```sh\nls\n```\n\n```sh host: a cluster\nkubectl get pods\n```\n\n```\nprinted\n```');
    await write('docs/b.md', '```sh host: root\nreboot\n```');
    await write('test/a.test.ts', "ManualPage.read('docs/a.md');");
    expect(await check()).toEqual({ code: 0, lines: [`4 files: ${FINE}`] });
  });

  it.each([
    ['commands that no test runs', '\n```sh\nls\n```', 'docs/b.md:2: no test runs these commands: see CONTRIBUTING.md'],
    [
      'commands that do not say why',
      '```sh host\nls\n```',
      'docs/b.md:1: sh host: write sh, or sh host: and what it needs',
    ],
    [
      'commands that say nothing',
      '```sh host: \nls\n```',
      'docs/b.md:1: sh host: : write sh, or sh host: and what it needs',
    ],
    ['commands under another word', '```bash\nls\n```', 'docs/b.md:1: commands are marked sh, not bash'],
  ])('tells of %s', async (_name, text, line) => {
    await write('docs/a.md', '```sh\nls\n```');
    await write('docs/b.md', text);
    await write('test/a.test.ts', "ManualPage.read('docs/a.md');");
    expect(await check()).toEqual({ code: 1, lines: [line, '1 wrong in 1 files.'] });
  });

  it('tells of a page that a test runs, and that has no commands any more', async () => {
    await write('docs/a.md', '```sh host: root\nreboot\n```');
    await write('test/a.test.ts', "ManualPage.read('docs/a.md');");
    const line = 'docs/a.md:1: a test runs the commands of this page, and it has none';
    expect(await check()).toEqual({ code: 1, lines: [line, '1 wrong in 1 files.'] });
  });

  it('passes metrics that the page about them has, and words of the wire', async () => {
    await write('docs/operators/metrics.md', '| `relay_times_seconds{kind}` | x |\n| `relay_workers` | y |');
    await write(
      'README.md',
      '`relay_times_seconds`, `rate(relay_times_seconds_bucket{le="1"}[5m])`, `relay_workers{}`, `relay_node`, `storage_rpc`',
    );
    await write('CHANGELOG.md', '`relay_old_seconds` is `relay_times_seconds`.');
    expect((await check()).code).toBe(0);
  });

  it.each(['relay_time_seconds', 'relay_node{kind}', 'swarm_manager_hight'])(
    'tells of %s, which no service exports',
    async (metric) => {
      await write('docs/operators/metrics.md', '| `storage_count_total` | x |');
      await write('docs/operators/a.md', `Once\n\`${metric}\``);
      const name = metric.replace('{kind}', '');
      const line = `docs/operators/a.md:2: no service exports ${name}: see docs/operators/metrics.md`;
      expect(await check()).toEqual({ code: 1, lines: [line, '1 wrong in 1 files.'] });
    },
  );

  it('passes commands of ours that prose names, with the options they have', async () => {
    const named = [
      'npm test` and `npm run bench -- relay --parts cost` and `npm start -- --once` and `npm run … -- x',
      'starling` and `npx starling …` and `starling\ndoctor --only storage --json` and `starling --version',
      'starling network init --name x --admin one two --dir y` and `starling send --as me you two words',
      'starling devnet up [--nodes NUMBER]` and `npm run build && npm run generate:metrics` and `npm ci` and `starling-node x',
    ];
    await write('docs/a.md', named.map((line) => `\`${line}\``).join('\n\n'));
    await write('CHANGELOG.md', '`starling doktor` is `starling doctor`.');
    expect(await check()).toEqual({ code: 0, lines: [`3 files: ${FINE}`] });
  });

  it('tells of those that there are not', async () => {
    const problems = {
      'npm run benhc -- relay': 'there is no script benhc',
      'npm run everything': 'there is no script everything',
      'starling docter': 'there is no command docter',
      'npx starling devnet sideways': 'there is no command sideways',
      'starling keys new --owt node.key': 'there is no option --owt',
      'starling keys show one.key two.key': 'it takes no two.key',
      'starling drain now': 'it takes no now',
    };
    const commands = Object.keys(problems);
    await write('docs/a.md', commands.map((command) => `\`npm run build && ${command}\``).join('\n'));
    const lines = Object.entries(problems).map(
      ([command, problem], index) => `docs/a.md:${index + 1}: \`${command}\`: ${problem}`,
    );
    expect(await check()).toEqual({ code: 1, lines: [...lines, `${commands.length} wrong in 1 files.`] });
  });

  it('does not look into code blocks, into what is installed and into what was built', async () => {
    await write('README.md', '```\n[a](nothing.md)\n```\n`[b](nothing.md)`');
    await write('node_modules/other/README.md', '[a](nothing.md)');
    await write('dist/one.js', '// %9');
    expect((await check()).code).toBe(0);
  });
});
