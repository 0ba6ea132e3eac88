import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startNetwork, type TestNetwork } from '#testing';
import { NETWORK_TIMEOUT_MS, TEST_TIMEOUT_MS } from '../timeouts.js';
import { shellBlocksOf } from './shell-blocks.js';
import { StandIn } from './stand-in.js';

const FOUNDING = 'docs/operators/private-network.md';
const APP = 'docs/operators/session-app.md';

const commandsOf = (page: string): string[] => shellBlocksOf(page).map(({ text }) => text);

describe('the manual of a private network', () => {
  let machine: StandIn;
  let network: TestNetwork;
  beforeAll(async () => {
    [machine, network] = await Promise.all([StandIn.make(), startNetwork({ nodes: 4 })]);
  }, NETWORK_TIMEOUT_MS);
  afterAll(() => Promise.all([machine.remove(), network.stop()]), NETWORK_TIMEOUT_MS);

  it(
    `has commands that make a signed list (${FOUNDING})`,
    async () => {
      const [first, second] = network.nodes.map(({ ed25519 }) => ed25519);
      const said = await machine.run(commandsOf(FOUNDING), { FIRST: first ?? '', SECOND: second ?? '' });
      expect(said).toContain('203.0.113.7');
      expect(said).toContain('203.0.113.8');
      const shown = await machine.run(['starling network show --dir network --json']);
      expect(JSON.parse(shown)).toMatchObject({ network: 'newsroom' });
    },
    TEST_TIMEOUT_MS,
  );

  it(
    `has commands that send a message from one account to another (${APP})`,
    async () => {
      // All nodes of this network are on one machine, which the command wants to be told.
      const commands = commandsOf(APP).map((text) => text.replaceAll('--seed "$SEED"', '--seed "$SEED" --single-host'));
      const said = await machine.run(commands, { SEED: network.seedUrl });
      expect(said).toContain('"service_node_states"');
      expect(said.trim().split('\n').at(-1)).toMatch(/hello$/);
    },
    TEST_TIMEOUT_MS,
  );
});
