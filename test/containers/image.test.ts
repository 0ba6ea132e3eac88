import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { BUILD_TIMEOUT_MS, COMMAND_TIMEOUT_MS, describeWithEngine, docker, IMAGE, run } from './engine.js';

/** The bound that the image keeps with everything in it; it has some 150 MB. */
const MAX_BYTES = 250_000_000;
const LOCKED_DOWN = ['--rm', '--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges', '--network=none'];
/** Machine numbers in the head of an ELF file. */
const ELF_MACHINE_AT = 18;
const ARM64 = 0xb7;

interface Entry {
  readonly mode: string;
  readonly owner: string;
  readonly path: string;
}

describeWithEngine('the image', () => {
  let folder: string;
  let entries: readonly Entry[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'starling-image-'));
    const container = await docker(['create', IMAGE]);
    try {
      await docker(['export', '--output', join(folder, 'image.tar'), container]);
    } finally {
      await docker(['rm', '--volumes', container]);
    }
    const tar = promisify(execFile);
    const list = ['--numeric-owner', '-tvf', join(folder, 'image.tar')];
    const { stdout } = await tar('tar', list, { maxBuffer: MAX_BYTES });
    entries = stdout.split('\n').flatMap((line) => {
      const [, mode, owner, path] = /^(\S{10})\s+(\S+)\s+\S+\s+\S+\s+\S+\s+(.*?)(?: -> .*)?$/.exec(line) ?? [];
      return mode && owner && path ? [{ mode, owner, path }] : [];
    });
    await tar('tar', ['-xf', join(folder, 'image.tar'), '-C', folder, 'app']);
  }, COMMAND_TIMEOUT_MS);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const inImage = (...command: string[]) => run('docker', ['run', ...LOCKED_DOWN, IMAGE, ...command]);

  it('is small, runs as an ordinary user and says what it is', async () => {
    const [inspected] = JSON.parse(await docker(['image', 'inspect', IMAGE])) as [
      { readonly Size: number; readonly Config: Readonly<Record<string, unknown>> },
    ];
    expect(inspected.Size).toBeLessThan(MAX_BYTES);
    expect(inspected.Config).toMatchObject({
      User: '1000:1000',
      Entrypoint: ['tini', '--'],
      Healthcheck: { Test: ['CMD', 'health'] },
      Labels: { 'org.opencontainers.image.licenses': 'Apache-2.0' },
    });
    const environment = ['NODE_ENV=production', 'PATH=/app/bin:/usr/local/bin'];
    expect((inspected.Config.Env as string[]).toSorted()).toEqual(environment);
  });

  it('has no program but Node, tini and our own commands', () => {
    const programs = entries.filter(
      ({ mode, path }) => mode.startsWith('-') && mode.includes('x') && !/\.so(\.|$)/.test(path),
    );
    const own = programs.map(({ path }) => path).filter((path) => !path.startsWith('app/node_modules/'));
    const commands = ['door', 'health', 'relay', 'starling', 'storage', 'swarm-manager'];
    const added = ['.dockerenv', 'dev/console', 'etc/hostname', 'etc/hosts', 'etc/resolv.conf']; // empty, by the engine
    expect(own.filter((path) => !added.includes(path)).sort()).toEqual(
      ['app/bin/tini', 'usr/local/bin/node', ...commands.map((name) => `app/docker/bin/${name}.js`)].sort(),
    );
    expect(entries.filter(({ mode }) => /s/i.test(mode.slice(1)))).toEqual([]);
  });

  it('lets its services change nothing but their state', () => {
    const theirs = entries.filter(({ owner }) => owner !== '0/0').map(({ path }) => path.replace(/\/$/, ''));
    expect(theirs.sort()).toEqual(
      ['setup/administrator', 'setup/nats', 'setup/node', 'setup/redis', 'setup/trust', 'state'].sort(),
    );
    const open = entries.filter(({ mode, path }) => mode[8] === 'w' && !mode.startsWith('l') && path !== 'tmp/');
    expect(open).toEqual([]);
  });

  it('holds no key, no settings, no history and no tests', async () => {
    const own = entries.map(({ path }) => path).filter((path) => !path.startsWith('app/node_modules/'));
    expect(
      own.filter((path) => /(^|\/)(\.env|\.git|\.npmrc|\.npm|root\/.+)|\.(key|pem|test\.js|ts)$/.test(path)),
    ).toEqual([]);
    const files = (await readdir(join(folder, 'app'), { withFileTypes: true, recursive: true })).filter((entry) =>
      entry.isFile(),
    );
    expect(files.length).toBeGreaterThan(500);
    for (const { parentPath, name } of files) {
      const text = await readFile(join(parentPath, name), 'latin1');
      expect([name, /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}/.test(text)]).toEqual([name, false]);
      expect([name, /_authToken|\/\/registry\S+:_password/.test(text)]).toEqual([name, false]);
    }
    const history = await docker(['history', '--no-trunc', '--format', '{{.CreatedBy}}', IMAGE]);
    expect(history).not.toMatch(/password|token|secret/i);
  });

  it(
    'knows its commands, with a read-only root, without rights and without a network',
    async () => {
      const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
      expect(await inImage('starling', '--version')).toMatchObject({ code: 0, stdout: `${version}\n` });
      for (const service of ['relay', 'storage', 'swarm-manager']) {
        const { code, stderr } = await inImage(service);
        expect({ service, code }).toEqual({ service, code: 78 });
        expect(stderr).toMatch(new RegExp(`^${service}: .*_KEY_FILE: is not set`, 'm'));
      }
      expect(await inImage('health')).toMatchObject({
        code: 1,
        stderr: 'health: there are no settings of a service here\n',
      });
      expect(await inImage('sh', '-c', 'true')).toMatchObject({ code: 127 });
    },
    COMMAND_TIMEOUT_MS,
  );

  it('has the fast cryptography of its platform and of no other', async () => {
    const { code, stdout } = await inImage('node', '-p', "require('sodium-native').crypto_sign_BYTES + process.arch");
    expect({ code, stdout }).toEqual({ code: 0, stdout: `64${process.arch}\n` });
    expect(await readdir(join(folder, 'app/node_modules/sodium-native/prebuilds'))).toEqual([`linux-${process.arch}`]);
  });

  it('lists what it is made of: every package that lies in it', async () => {
    const bom = JSON.parse(await readFile(join(folder, 'app/sbom.cdx.json'), 'utf8')) as {
      readonly bomFormat: string;
      readonly components: readonly { readonly name: string; readonly version: string }[];
    };
    expect(bom.bomFormat).toBe('CycloneDX');
    const listed = new Set(bom.components.map(({ name, version }) => `${name}@${version}`));
    const lock = JSON.parse(await readFile(join(folder, 'app/node_modules/.package-lock.json'), 'utf8')) as {
      readonly packages: Readonly<Record<string, { readonly version: string }>>;
    };
    const installed = Object.entries(lock.packages).map(
      ([path, { version }]) => `${path.split('node_modules/').at(-1) ?? ''}@${version}`,
    );
    expect(installed.length).toBeGreaterThan(50);
    expect(installed.filter((each) => !listed.has(each))).toEqual([]);
  });

  it(
    'can be made for the other platform without emulation',
    async () => {
      const target = join(folder, 'arm64');
      await docker(
        ['buildx', 'build', '--platform=linux/arm64', '--target=files', `--output=type=local,dest=${target}`, '.'],
        { timeoutMs: BUILD_TIMEOUT_MS },
      );
      expect(await readdir(join(target, 'modules/app/node_modules/sodium-native/prebuilds'))).toEqual(['linux-arm64']);
      expect((await readFile(join(target, 'out/app/bin/tini'))).readUInt16LE(ELF_MACHINE_AT)).toBe(ARM64);
    },
    BUILD_TIMEOUT_MS,
  );
});
