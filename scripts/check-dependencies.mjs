// `npm run check:dependencies`: what is installed is what the lock file says, byte for byte, from one registry; nothing
// of it runs while it is installed; and what we ship may be shipped. `-- FOLDER` checks another one.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isAllowed } from './lib/licences.mjs';
import { ROOT } from './lib/prepare.mjs';
import { fail, say } from './lib/say.mjs';

/** Packages that would run a script when they are installed, and why they work without it. */
const WORK_WITHOUT_THEIR_SCRIPT = new Map([
  ['@bufbuild/buf', 'it only checks that its binary, an optional package, is there'],
  ['@parcel/watcher', 'only `nest build --watch` would use what it compiles'],
  ['@swc/core', 'it only checks that its binary, an optional package, is there'],
  ['cpu-features', 'ssh2 does without'],
  ['protobufjs', 'it only warns of versions'],
  ['ssh2', 'it falls back to JavaScript, and we reach no engine over SSH'],
  ['unrs-resolver', 'it only checks that its binary, an optional package, is there'],
]);

/** Licences of what we ship, by their SPDX names: all of them permissive, none of them asks anything of our own code. */
const LICENCES = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'Unlicense',
]);

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
/** Where a version that is in no lock file could come in. */
const BUILDS = ['Dockerfile', '.ci/run'];
const UNLOCKED = /\bnpm (install|i|add|update)\b/;

const { positionals } = parseArgs({ allowPositionals: true });
const folder = resolve(positionals[0] ?? ROOT);
const read = (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '');
const manifest = JSON.parse(read('package.json'));
const lock = JSON.parse(read('package-lock.json'));
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
const nameOf = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

const problems = [...manifestProblems(), ...packages.flatMap(packageProblems), ...hostProblems(), ...buildProblems()];
if (problems.length > 0) {
  for (const problem of problems) say(problem);
  fail(`${problems.length} of our rules for dependencies do not hold.`);
}
say(`${packages.length} packages, all by the rules`);

function manifestProblems() {
  const kinds = ['dependencies', 'optionalDependencies', 'devDependencies', 'overrides'];
  const wanted = kinds.flatMap((kind) => Object.entries(manifest[kind] ?? {}));
  const loose = wanted.filter(([, version]) => !EXACT.test(version));
  const found = loose.map(([name, version]) => `package.json: ${name} ${version} is no exact version`);
  if (!/^ignore-scripts=true$/m.test(read('.npmrc'))) found.push('.npmrc: ignore-scripts=true is missing');
  return found;
}

function packageProblems([path, { integrity = '', license, hasInstallScript = false, dev = false }]) {
  const name = nameOf(path);
  const found = [];
  if (!integrity.startsWith('sha512-')) found.push(`${path}: the lock file has no sha512 of it`);
  if (hasInstallScript && !WORK_WITHOUT_THEIR_SCRIPT.has(name)) {
    found.push(`${path}: has an install script, which does not run; see that it works without, and say so here`);
  }
  if (!dev && !isAllowed(license, LICENCES))
    found.push(`${path}: its licence ${license ?? '(none)'} is not among ours`);
  return found;
}

/**
 * The lock file leaves it to the machine which registry it asks, and the sha512 decides. Where it names a place, it is
 * one registry: a package from elsewhere is one that nobody expects.
 */
function hostProblems() {
  const named = packages.filter(([, { resolved }]) => resolved !== undefined);
  const hosts = named.map(([, { resolved }]) => (URL.canParse(resolved) ? new URL(resolved) : null));
  const [main] = hosts.filter((url) => url?.protocol === 'https:').map(({ host }) => host);
  return named
    .filter((_entry, index) => hosts[index]?.protocol !== 'https:' || hosts[index].host !== main)
    .map(([path]) => `${path}: comes from another place than the rest`);
}

function buildProblems() {
  return BUILDS.filter((name) => UNLOCKED.test(read(name))).map(
    (name) => `${name}: installs without the lock file; use npm ci`,
  );
}
