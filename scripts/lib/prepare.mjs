// What a fresh clone needs before anything of ours can run. Node itself is all that this file uses.
import { existsSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { busy, npmCommand, run } from './run.mjs';
import { fail, say } from './say.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const CLI = join(ROOT, 'dist/apps/cli/src/main.js');

const OLDEST_NODE = [20, 19];
/** What the build reads; dist/.built says when it last did. */
const SOURCES = [
  'apps',
  'libs',
  'bench',
  'monitoring',
  'test/abuse',
  'test/fuzz',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'nest-cli.json',
];
const STAMP = join(ROOT, 'dist/.built');
const BUILD_INFO = join(ROOT, 'dist/.tsbuildinfo');

/** Ends the program when Node is too old to run ours. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  if (isOld)
    fail(`Node ${OLDEST_NODE.join('.')} or newer is needed, this is ${process.versions.node}: see https://nodejs.org.`);
}

/** Installs the packages of the lock file unless they are there. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  const options = ['--no-audit', '--no-fund', '--loglevel=error'];
  const npm = (...command) => run([...npmCommand(), ...command, ...options], { cwd: ROOT, quiet: true });
  const ci = await busy('Installing packages, the first time this takes a minute or two', () => npm('ci'));
  if (ci.code === 0) return;
  // A registry that lacks packages for other platforms makes `npm ci` doubt the lock file; `npm install` copes.
  const install = await busy('npm ci failed, trying npm install', () => npm('install', '--no-save'));
  if (install.code === 0) return;
  say(install.output + install.errors);
  fail(`npm install ended with code ${install.code}; what it said stands above.`);
}

/** Compiles unless the newest source is older than the last build. */
export async function ensureBuilt() {
  const builtMs = existsSync(CLI) && existsSync(STAMP) ? statSync(STAMP).mtimeMs : 0;
  if ((await newest(SOURCES)) < builtMs) return;
  if (builtMs === 0) rmSync(BUILD_INFO, { force: true }); // or the compiler would believe that its output is there
  const started = new Date();
  const build = [...npmCommand(), 'run', '--silent', 'build'];
  const { code, output, errors } = await busy('Building', () => run(build, { cwd: ROOT, quiet: true }));
  if (code !== 0) {
    say(output + errors);
    fail(`the build failed with code ${code}; what it said stands above.`);
  }
  writeFileSync(STAMP, '');
  utimesSync(STAMP, started, started); // what was changed during the build is built next time
}

/** npm writes down what it installed; entries for other platforms may be missing there. */
function isInstalled() {
  try {
    const wanted = packagesIn('package-lock.json');
    const there = packagesIn('node_modules/.package-lock.json');
    return Object.entries(wanted).every(
      ([path, { version, optional }]) => path === '' || there[path]?.version === version || (optional && !there[path]),
    );
  } catch {
    return false;
  }
}

function packagesIn(path) {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8')).packages;
}

/** The latest modification below these paths, in epoch milliseconds. */
async function newest(paths) {
  const times = await Promise.all(
    paths.map(async (path) => {
      const full = join(ROOT, path);
      if (!statSync(full).isDirectory()) return statSync(full).mtimeMs;
      const entries = await readdir(full, { withFileTypes: true, recursive: true });
      const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'));
      return Math.max(
        0,
        ...files.map(({ parentPath, path: folder, name }) => statSync(join(parentPath ?? folder, name)).mtimeMs),
      );
    }),
  );
  return Math.max(...times);
}
