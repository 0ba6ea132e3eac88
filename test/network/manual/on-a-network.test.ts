import { appendFile, copyFile, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startNetwork, type TestNetwork } from '#testing';
import { ManualPage } from '../../manual/manual-page.js';
import { StandIn } from '../../manual/stand-in.js';
import { loseAll, planOf, type NodePlan } from '../node-plan.js';
import { NETWORK_TIMEOUT_MS, TEST_TIMEOUT_MS } from '../timeouts.js';

/** At a terminal the passphrase is asked for. */
const SECRET = '--passphrase-file pass';

describe('the manual', () => {
  const founding = ManualPage.read('docs/operators/private-network.md');
  const app = ManualPage.read('docs/operators/session-app.md');
  const command = ManualPage.read('docs/operators/cli.md');
  let machine: StandIn;
  let network: TestNetwork;
  beforeAll(async () => {
    network = await startNetwork({ nodes: 4 }); // first: where it does not start, there is nothing to remove
    machine = await StandIn.make();
  }, NETWORK_TIMEOUT_MS);
  afterAll(() => Promise.all([network.stop(), machine.remove()]), NETWORK_TIMEOUT_MS);

  it(
    `has commands that make a signed list (${founding.path})`,
    async () => {
      const [first, second] = network.nodes.map(({ ed25519 }) => ed25519);
      const said = await machine.run(founding.takeAll(), { FIRST: first ?? '', SECOND: second ?? '' });
      expect(said).toContain('203.0.113.7');
      expect(said).toContain('203.0.113.8');
      const shown = await machine.run(['starling network show --dir network --json']);
      expect(JSON.parse(shown)).toMatchObject({ network: 'newsroom' });
    },
    TEST_TIMEOUT_MS,
  );

  it(
    `has commands that send a message from one account to another (${app.path})`,
    async () => {
      // All nodes of this network are on one machine, which the command wants to be told.
      const commands = app.takeAll().map((text) => text.replaceAll('--seed "$SEED"', '--seed "$SEED" --single-host'));
      const said = await machine.run(commands, { SEED: network.seedUrl });
      expect(said).toContain('"service_node_states"');
      expect(said.trim().split('\n').at(-1)).toMatch(/hello$/);
    },
    TEST_TIMEOUT_MS,
  );

  describe(`has commands for a node that runs (${command.path})`, () => {
    let node: NodePlan;
    beforeAll(async () => {
      node = await planOf(network, 'node-4');
      await symlink(network.dir, join(machine.home, 'devnet'));
      await copyFile(String(node.env.RELAY_KEY_FILE), join(machine.home, 'node.key'));
      await writeFile(join(machine.home, 'pass'), 'correct horse', { mode: 0o600 });
    });
    afterAll(() => node.redis.disconnect());

    /** A sample filled in with what this node is run with. */
    async function fillIn(path: string): Promise<void> {
      const open = (await readFile(path, 'utf8'))
        .split('\n')
        .filter((line) => !Object.hasOwn(node.env, /^([A-Z_]+)=/.exec(line)?.[1] ?? ''));
      await writeFile(path, open.join('\n'), { mode: 0o600 });
      await appendFile(
        path,
        `\n${Object.entries(node.env)
          .map((setting) => setting.join('='))
          .join('\n')}\n`,
      );
    }

    it(
      'that make its settings, and find them and it well',
      async () => {
        const [sample = '', check = ''] = command.take('config sample');
        await machine.run([sample]);
        await fillIn(join(machine.home, 'node.env'));
        expect(await machine.run([check])).toContain('no problem');
        const [doctor] = command.take('starling doctor');
        expect(await machine.run([`${doctor} --min-free 1`])).toMatch(/ 0 failed, /);
      },
      TEST_TIMEOUT_MS,
    );

    it(
      'that show how it is, once and again',
      async () => {
        const [usual = '', again = '', admin = '', devnet = ''] = command.take('starling status');
        const urls = [
          `http://127.0.0.1:${node.env.RELAY_ADMIN_PORT}`,
          `http://127.0.0.1:${node.env.SWARM_MANAGER_ADMIN_PORT}`,
        ];
        const here = admin
          .replace('http://10.0.0.5:9101', urls[0] ?? '')
          .replace('http://10.0.0.5:9103', urls[1] ?? '');
        const screens = await Promise.all([
          machine.run([usual], node.env), // the usual ports may be somebody else's here
          machine.runUntilItSpeaks(again, node.env),
          machine.run([here]),
          machine.run([devnet]),
        ]);
        for (const screen of screens) expect(screen).toMatch(/^relay +ready/m);
      },
      TEST_TIMEOUT_MS,
    );

    it(
      'that keep its key elsewhere and bring it back',
      async () => {
        const path = join(machine.home, 'node.key');
        const key = await readFile(path, 'utf8');
        const [exporting, importing] = command.take('keys export');
        await machine.run([`${exporting} ${SECRET}`]);
        await rm(path);
        await machine.run([`${importing} ${SECRET}`]);
        expect(await readFile(path, 'utf8')).toBe(key);
      },
      TEST_TIMEOUT_MS,
    );

    it(
      'that end it in order, and bring it back after all is lost',
      async () => {
        const [drain = ''] = command.take('starling drain');
        const [backup, restore] = command.take('starling backup');
        expect(await machine.run([drain])).toContain('ended');
        const key = await readFile(String(node.env.RELAY_KEY_FILE), 'utf8');
        await machine.run([`${backup} ${SECRET}`]);
        await loseAll(node);
        await machine.run([`${restore} ${SECRET}`]);
        expect(await readFile(String(node.env.RELAY_KEY_FILE), 'utf8')).toBe(key);
      },
      TEST_TIMEOUT_MS,
    );
  });
});
