// `node scripts/kubernetes-api.mjs` builds Kubernetes' own programs from Debian's sources and puts them with etcd into the
// folder STARLING_KUBERNETES_CACHE (standard /var/tmp/starling-kubernetes): the API server for `CI_KUBERNETES=1 npm test`,
// and the others of a node that runs pods for `npm run test:kubernetes`. Nothing is installed. It takes some ten minutes
// on two idle cores, and no time when all are there.
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { aptFolder } from './lib/apt-folder.mjs';
import { busy, run } from './lib/run.mjs';
import { fail, say } from './lib/say.mjs';

/** The last version whose whole source Debian has. */
const VERSION = '1.20.2';
const CACHE = process.env.STARLING_KUBERNETES_CACHE ?? '/var/tmp/starling-kubernetes';
const BIN = join(CACHE, VERSION, 'bin');
const WORK = join(CACHE, VERSION, 'work');
/** The suite with these sources and a compiler of their time. */
const SUITE = 'bookworm';
const SOURCE = 'kubernetes';
/** What is built here; etcd is Debian's as it is. */
const BUILT = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy'];
/** The compiler, etcd, and what the makefile calls, each with the libraries that a small machine may lack. */
const PACKAGES = ['golang-1.19-go', 'golang-1.19-src', 'etcd-server', 'rsync', 'libpopt0', 'libxxhash0'];
/** 60 MB and 300 files from a mirror. */
const DOWNLOAD_TIMEOUT_MS = 10 * 60_000;
/** Ten minutes, on a machine that does other things too. */
const BUILD_TIMEOUT_MS = 60 * 60_000;
/**
 * Where the kubelet asks the kernel to spare a process when memory runs out. Without the right to lower that score, as
 * inside most containers, no pod would start, so its wishes become 0. Nothing else of the sources is changed.
 */
const SPARING = {
  'pkg/kubelet/qos/policy.go': /^(\s*\w+OOMScoreAdj\s+int\s*=\s*)-\d+$/gm,
  'pkg/kubelet/dockershim/docker_sandbox.go': /^(\s*defaultSandboxOOMAdj\s+int\s*=\s*)-\d+$/gm,
};

const missing = BUILT.filter((program) => !existsSync(join(BIN, program)));
if (missing.length > 0 || !existsSync(join(BIN, 'etcd'))) {
  for (const tool of ['apt-get', 'dpkg-source', 'make', 'jq']) await check(tool);
  await rm(WORK, { recursive: true, force: true });
  await mkdir(WORK, { recursive: true });
  const unpacked = await fetchPackages();
  await mkdir(BIN, { recursive: true });
  await keep(join(unpacked, 'usr/bin/etcd'), 'etcd');
  if (missing.length > 0) {
    const tree = await fetchSource();
    await spareNothing(tree);
    await build(tree, unpacked, missing);
    for (const program of missing) await keep(join(tree, '_output/bin', program), program);
  }
  await rm(WORK, { recursive: true, force: true });
}
say(`${BIN} has Kubernetes ${VERSION} (${BUILT.join(', ')}) and etcd.`);

async function check(tool) {
  const { code } = await run(['which', tool], { quiet: true });
  if (code !== 0) fail(`${tool} is needed: this works on Debian and its kin, with dpkg-dev, make and jq.`);
}

/** Runs a step to its end, or ends the program with what the step said last. */
async function step(what, command, options) {
  const { code, output, errors } = await busy(what, () => run(command, { quiet: true, ...options }));
  if (code === 0) return;
  say((output + errors).split('\n').slice(-30).join('\n'));
  fail(`${what}: ${command[0]} ended with code ${code}; what it said last stands above.`);
}

async function fetchPackages() {
  const apt = await aptFolder(join(WORK, 'apt'), SUITE);
  const options = { cwd: WORK, env: { ...process.env, APT_CONFIG: apt }, timeoutMs: DOWNLOAD_TIMEOUT_MS };
  await step('Reading the lists of packages', ['apt-get', '-qq', 'update'], options);
  await step('Fetching compiler and etcd', ['apt-get', '-qq', 'download', ...PACKAGES], options);
  await step('Fetching the sources', ['apt-get', '-qq', 'source', '--download-only', SOURCE], options);
  const unpacked = join(WORK, 'unpacked');
  for (const archive of (await readdir(WORK)).filter((name) => name.endsWith('.deb')))
    await step(`Unpacking ${archive}`, ['dpkg', '-x', archive, unpacked], options);
  return unpacked;
}

async function fetchSource() {
  const description = (await readdir(WORK)).find((name) => name.startsWith(SOURCE) && name.endsWith('.dsc'));
  const tree = join(WORK, 'tree');
  const options = { cwd: WORK, timeoutMs: DOWNLOAD_TIMEOUT_MS };
  await step('Unpacking the sources', ['dpkg-source', '--no-check', '-x', description, tree], options);
  return tree;
}

async function spareNothing(tree) {
  for (const [file, wish] of Object.entries(SPARING)) {
    const source = await readFile(join(tree, file), 'utf8');
    if (source.search(wish) === -1) fail(`${file} of the sources does not read as expected: nothing was built.`);
    await writeFile(join(tree, file), source.replaceAll(wish, '$10'));
  }
}

/** Whole or not at all: a program of that name counts as built, and one that runs may not be written over. */
async function keep(built, program) {
  await copyFile(built, join(BIN, `${program}.new`));
  await rename(join(BIN, `${program}.new`), join(BIN, program));
}

/** The makefile wants the tree where a Go workspace of old would have it. */
async function build(tree, unpacked, programs) {
  const workspace = join(tree, '.go/src/k8s.io');
  await mkdir(workspace, { recursive: true });
  await symlink('../../..', join(workspace, 'kubernetes'));
  const goRoot = join(unpacked, 'usr/lib/go-1.19');
  // Debian has the other half of the compiler's files elsewhere, behind links to absolute paths.
  for (const folder of ['src', 'test', 'misc', 'api']) {
    const shared = join(unpacked, 'usr/share/go-1.19', folder);
    if (!existsSync(shared)) continue;
    await rm(join(goRoot, folder), { force: true });
    await symlink(shared, join(goRoot, folder));
  }
  const libraries = join(unpacked, 'usr/lib/x86_64-linux-gnu');
  const what = programs.map((program) => `cmd/${program}`).join(' ');
  await step(`Building ${programs.join(', ')}`, ['nice', 'make', `WHAT=${what}`], {
    cwd: tree,
    timeoutMs: BUILD_TIMEOUT_MS,
    env: {
      ...process.env,
      GOROOT: goRoot,
      GOPATH: join(tree, '.go'),
      GOCACHE: join(WORK, 'go-cache'),
      GOFLAGS: '-p=2',
      CGO_ENABLED: '0',
      PATH: [join(goRoot, 'bin'), join(unpacked, 'usr/bin'), process.env.PATH].join(':'),
      LD_LIBRARY_PATH: libraries,
      KUBE_GIT_VERSION: `v${VERSION}`,
      KUBE_GIT_MAJOR: '1',
      KUBE_GIT_MINOR: '20',
      KUBE_GIT_COMMIT: 'unknown',
      KUBE_GIT_TREE_STATE: 'archive',
    },
  });
}
