import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { encodeSignedList, makeNextList, NodeKey, noblePrimitives, signNetworkList } from '#protocol';
import { ManualPage } from '../manual/manual-page.js';
import { Checkout } from './checkout.js';
import { Composition } from './composition.js';
import { BUILD_TIMEOUT_MS, describeWithEngine, run, VERSION } from './engine.js';

const DAY_MS = 86_400_000;
const ADMIN = NodeKey.fromSeed(new Uint8Array(32).fill(0xa2), noblePrimitives);

/** The commands of a page in their order, one a line. */
const commandsOf = (page: ManualPage): string[] => page.takeAll().flatMap((block) => block.trim().split('\n'));

describeWithEngine('the pages about a composed node', () => {
  const composing = ManualPage.read('docs/operators/compose.md');
  const watching = ManualPage.read('docs/operators/monitoring.md');
  let checkout: Checkout;
  let node: Composition;
  let second: Composition;
  const said = new Map<string, string>();

  beforeAll(async () => {
    checkout = await Checkout.create();
    [node, second] = [await Composition.create(checkout.dir), await Composition.create(checkout.dir)];
    await writeFile(join(checkout.dir, '.env'), linesOf(node.env));
  }, BUILD_TIMEOUT_MS);
  afterAll(async () => {
    await Promise.all([node.remove(), second.remove()]);
    await checkout.remove();
  }, BUILD_TIMEOUT_MS);

  /** What the page leaves to the reader: other people's part, and what differs on this machine. */
  const before: Readonly<Record<string, () => Promise<void>>> = {
    'mkdir -m 700 node': () => node.remove(), // the page begins anew
    'install -o 1000': async () => writeFile(join(checkout.dir, 'network.json'), signedList(node, keyIn(said))),
    'docker compose --env-file second.env': async () =>
      writeFile(join(checkout.dir, 'second.env'), linesOf(second.env)),
    'docker compose down': askServices,
  };
  const after: Readonly<Record<string, () => Promise<void>>> = {
    'cp .env.example .env': async () => appendFile(join(checkout.dir, '.env'), linesOf(node.env)),
    'docker compose --env-file second.env': () => second.remove(),
  };

  /** Throws with what a command printed when it fails. */
  async function carryOut(command: string): Promise<string> {
    const { code, stdout, stderr } = await run('bash', ['-euo', 'pipefail', '-c', command], {
      cwd: checkout.dir,
      timeoutMs: BUILD_TIMEOUT_MS,
    });
    if (code === 0) return stdout;
    throw new Error(`${command} ended with ${code}: ${stdout.slice(-3_000)}${stderr.slice(-3_000)}`);
  }

  /** While they run, what the other page asks them. */
  async function askServices(): Promise<void> {
    const [relay, storage, status] = await inOrder(commandsOf(watching), carryOut);
    for (const answer of [relay, storage]) expect(answer).toMatch(/^200 /);
    expect(JSON.parse(status ?? '')).toMatchObject({ state: 'active' });
  }

  it(
    'have commands that do what they say, from the first to the last',
    async () => {
      const commands = commandsOf(composing);
      const text = commands.join('\n');
      const differs = new Map([
        ['<public keys>', ADMIN.id],
        [/starling:\d\S*/.exec(text)?.[0] ?? '', `starling:${VERSION}`],
      ]);
      expect(commands.length).toBeGreaterThan(20);
      for (const command of commands) {
        await hookFor(before, command)?.();
        const here = [...differs].reduce((line, [written, meant]) => line.replace(written, meant), command);
        const stdout = await carryOut(here);
        said.set(command, stdout);
        if (command.endsWith(' doctor')) expect(stdout).toMatch(/ 0 failed, /);
        await hookFor(after, command)?.();
      }
    },
    2 * BUILD_TIMEOUT_MS,
  );
});

async function inOrder(commands: readonly string[], each: (command: string) => Promise<string>): Promise<string[]> {
  const said: string[] = [];
  for (const command of commands) said.push(await each(command));
  return said;
}

const linesOf = (env: Readonly<Record<string, string>>): string =>
  Object.entries(env)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

type Hooks = Readonly<Record<string, () => Promise<void>>>;

function hookFor(hooks: Hooks, command: string): (() => Promise<void>) | undefined {
  return Object.entries(hooks).find(([begins]) => command.startsWith(begins))?.[1];
}

/** The public key that `keys new` printed. */
function keyIn(said: ReadonlyMap<string, string>): string {
  const [, key] = /^Ed25519 +([0-9a-f]{64})$/m.exec([...said.values()].join('\n')) ?? [];
  if (key === undefined) throw new Error('no key was made');
  return key;
}

/** As an administrator makes it, with this node alone. */
function signedList({ ports }: Composition, ed25519: string): string {
  const nowMs = Date.now();
  const entry = { ed25519, ip: '127.0.0.1', httpsPort: ports.https, peerPort: ports.peer, state: 'active' as const };
  const wanted = { network: 'newsroom', seed: 'ab'.repeat(32), issuedMs: nowMs, expiresMs: nowMs + 30 * DAY_MS };
  const list = makeNextList(noblePrimitives, null, { put: [entry] }, { ...wanted, swarms: 'compose' });
  const signatures = [signNetworkList(noblePrimitives, list.text, ADMIN.ed25519)];
  return encodeSignedList({ listText: list.text, signatures });
}
