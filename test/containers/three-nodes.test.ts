import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { bytesToHex, encodeSignedList, makeNextList, NodeKey, noblePrimitives, signNetworkList } from '#protocol';
import { leave, newPerson, receive } from '../network/people.js';
import { Checkout } from './checkout.js';
import { Composition } from './composition.js';
import { describeWithEngine, docker, IMAGE, TEST_TIMEOUT_MS } from './engine.js';

const NODES = 3;
const DAY_MS = 86_400_000;
const ADMIN = NodeKey.fromSeed(new Uint8Array(32).fill(0xa1), noblePrimitives);
const seedOf = (index: number): Uint8Array => new Uint8Array(32).fill(0xb0 + index);

/** Three nodes of one network on one machine, told apart by NODE_NAME and their ports, with keys and a list that are given. */
describeWithEngine('a network of three composed nodes', () => {
  let checkout: Checkout;
  const nodes: Composition[] = [];

  beforeAll(async () => {
    checkout = await Checkout.create();
    const given = { NETWORK: 'newsroom', ADMINS: ADMIN.id };
    for (let index = 0; index < NODES; index++) {
      nodes.push(await Composition.create(checkout.dir, { ...given, NODE_DIR: `./node-${index}` }));
    }
    const list = await signedList(nodes, await gateway());
    await Promise.all(nodes.map((_node, index) => putNodeFolder(join(checkout.dir, `node-${index}`), index, list)));
    await Promise.all(nodes.map((node) => node.up()));
  }, TEST_TIMEOUT_MS);
  afterAll(async () => {
    const removals = await Promise.allSettled(nodes.map((node) => node.remove()));
    await checkout.remove();
    expect(removals.filter(({ status }) => status === 'rejected')).toEqual([]);
  }, TEST_TIMEOUT_MS);

  it(
    'carries a message each way, kept by every node',
    async () => {
      const seedUrl = nodes[0]?.seedUrl ?? '';
      const [alice, bob] = await Promise.all([newPerson({ seedUrl }), newPerson({ seedUrl })]);
      for (const [from, to] of [
        [alice, bob],
        [bob, alice],
      ] as const) {
        const { answers } = await from.client.send(from.account, to.account.id, 'through containers');
        expect(answers.map(({ outcome }) => outcome)).toEqual(Array<string>(NODES).fill('kept'));
        expect(await receive(to, from)).toBe('through containers');
      }
      await leave(alice, bob);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'lets each node be reached by the others, as their doctors find',
    async () => {
      for (const node of nodes) {
        const { stdout } = await node.tryCompose('run', '--rm', '-T', 'doctor');
        expect(stdout).toMatch(/^pass +peer port +another node reaches this one/m);
        expect(stdout).toMatch(/^pass +clock/m);
        expect(stdout).toMatch(/ 0 failed, /);
      }
    },
    TEST_TIMEOUT_MS,
  );
});

/** An address of this machine that containers of every network reach, and so do we. */
const gateway = (): Promise<string> =>
  docker(['network', 'inspect', 'bridge', '--format', '{{(index .IPAM.Config 0).Gateway}}']);

function signedList(compositions: readonly Composition[], ip: string): Promise<string> {
  const nowMs = Date.now();
  const put = compositions.map(({ ports }, index) => {
    const ed25519 = NodeKey.fromSeed(seedOf(index), noblePrimitives).id;
    return { ed25519, ip, httpsPort: ports.https, peerPort: ports.peer, state: 'active' as const };
  });
  const { text } = makeNextList(
    noblePrimitives,
    null,
    { put },
    {
      network: 'newsroom',
      seed: 'ab'.repeat(32),
      issuedMs: nowMs,
      expiresMs: nowMs + 30 * DAY_MS,
      swarms: 'compose',
    },
  );
  const signatures = [signNetworkList(noblePrimitives, text, ADMIN.ed25519)];
  return Promise.resolve(encodeSignedList({ listText: text, signatures }));
}

/** As docs/operators/compose.md has it: the key for its owner alone, all of it owned by the user of the services. */
async function putNodeFolder(dir: string, index: number, list: string): Promise<void> {
  await mkdir(dir);
  await writeFile(join(dir, 'node.key'), `${bytesToHex(seedOf(index))}\n`, { mode: 0o600 });
  await writeFile(join(dir, 'network.json'), list);
  await chmod(dir, 0o755);
  const own = "for (const name of ['', '/node.key', '/network.json']) fs.chownSync('/given' + name, 1000, 1000)";
  await docker(['run', '--rm', '--user=0', `--volume=${dir}:/given`, IMAGE, 'node', '-e', own]);
}
