import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anAccount, waitUntil } from '#testing';
import { allTextsAt } from '../containers/load.js';
import { findKubectl } from '../manifests/kubectl.js';
import { aStoreInOpenInbox, call, textsAt } from '../network/rpc.js';
import { Clients } from './clients.js';
import { Cluster } from './cluster.js';
import { InstalledNode, type WorkloadName } from './installed-node.js';
import { describeWithKubelet } from './wanted.js';

/** A cluster, an image and every pod of a node, on two busy cores. */
const START_TIMEOUT_MS = 600_000;
/** A relay alone takes a minute to be replaced: it is ready for 10 s, pauses for 15 and drains. */
const TEST_TIMEOUT_MS = 900_000;
const CLIENTS = 8;
/** A pod is asked every 5 s whether it is ready; longer on a machine that has other work. */
const RECOVERY_TIMEOUT_MS = 120_000;
/** As the guide says: the volume of swarm-manager is small. */
const MIN_FREE_MIB = '16';

/** What the relay says when the bus does not carry a request. */
const BUSY = '503 Server busy, try again later';
const NATS_SERVERS = 3;
/** Processes that talk to the servers for a request: relays and storages. */
const MOVES = 4;

interface Finding {
  readonly check: string;
  readonly level: string;
  readonly says: string;
}

describeWithKubelet('a cluster of one machine, whose pods really run', () => {
  let cluster: Cluster | undefined;
  let path = '';
  beforeAll(async () => {
    const found = await findKubectl();
    if ('missing' in found) throw new Error(found.missing);
    path = found.path;
    cluster = await Cluster.start(path);
  }, START_TIMEOUT_MS);
  afterAll(() => cluster?.stop(), START_TIMEOUT_MS);
  const up = (): Cluster => {
    if (cluster === undefined) throw new Error('there is no cluster');
    return cluster;
  };

  describe('with overlays/single-node', () => {
    let node: InstalledNode;
    beforeAll(async () => {
      node = await InstalledNode.install(up(), path, 'single-node');
      await serves(node);
    }, START_TIMEOUT_MS);
    afterAll(() => node.remove(), START_TIMEOUT_MS);

    it.each([
      ['relay', ['settings', 'files', 'key', 'nats', 'relay', 'open files', 'disk']],
      ['storage', ['settings', 'files', 'key', 'nats', 'redis', 'redis policy', 'redis file', 'storage']],
      ['swarm-manager', ['settings', 'files', 'key', 'list', 'key in list', 'nats', 'swarm-manager', 'public port']],
    ] as const)(
      'has nothing wrong that the doctor finds in the pod of %s',
      async (service, wanted) => {
        const doctor = ['starling', 'doctor', '--only', service, '--min-free', MIN_FREE_MIB, '--json'];
        const text = await node.kubectl(['exec', `deployment/${service}`, '--', ...doctor]);
        const { ok, findings } = JSON.parse(text) as { ok: boolean; findings: Finding[] };
        expect(findings.filter(({ level }) => level === 'fail' || level === 'warn')).toEqual([]);
        expect(ok).toBe(true);
        const passed = findings.filter(({ level }) => level === 'pass').map(({ check }) => check);
        expect(passed).toEqual(expect.arrayContaining([...wanted]));
      },
      TEST_TIMEOUT_MS,
    );

    it('keeps a message that came in at the address of the balancer', async () => {
      const account = anAccount(0x11);
      expect((await call(node, 'store', aStoreInOpenInbox(account, 'kept'))).status).toBe(200);
      expect(await textsAt(node, account)).toEqual(['kept']);
    });

    it.each([
      ['relay', 0x20],
      ['storage', 0x30],
      ['swarm-manager', 0x40],
    ] as const)(
      'answers every request while each pod of %s is replaced',
      (name, account) => replaceUnderLoad(node, name, account),
      TEST_TIMEOUT_MS,
    );

    it.each([
      ['nats', 0x50],
      ['redis', 0x60],
    ] as const)(
      'refuses while %s is away, goes on by itself, and has what it acknowledged',
      async (name, account) => {
        const clients = await restartUnderLoad(node, name, account);
        expect(clients.failed).toBeGreaterThan(0);
      },
      TEST_TIMEOUT_MS,
    );
  });

  describe('with overlays/ha', () => {
    let node: InstalledNode;
    beforeAll(async () => {
      node = await InstalledNode.install(up(), path, 'ha', { relay: 2 });
      await serves(node);
    }, START_TIMEOUT_MS);
    afterAll(() => node.remove(), START_TIMEOUT_MS);

    it(
      'has two relays, three servers of NATS and as many storages as the autoscaler wants at least',
      async () => {
        const counts = async (): Promise<number[]> =>
          Promise.all((['relay', 'nats', 'storage'] as const).map(async (name) => (await node.podsOf(name)).length));
        await waitUntil('the autoscaler', START_TIMEOUT_MS, async () => expect(await counts()).toEqual([2, 3, 2]));
      },
      TEST_TIMEOUT_MS,
    );

    it.each([
      ['relay', 0x70],
      ['storage', 0x80],
      ['swarm-manager', 0x90],
    ] as const)(
      'answers every request while each pod of %s is replaced',
      (name, account) => replaceUnderLoad(node, name, account),
      TEST_TIMEOUT_MS,
    );

    it(
      'refuses no more than what is under way as each server of NATS is replaced, and leaves nothing without an answer',
      async () => {
        const clients = await restartUnderLoad(node, 'nats', 0xa0);
        expect(clients.failures.filter((failure) => !failure.endsWith(BUSY))).toEqual([]);
        // Each client has one request under way, and each of two relays and two storages changes its server.
        expect(clients.failed).toBeLessThanOrEqual(NATS_SERVERS * MOVES * CLIENTS);
      },
      TEST_TIMEOUT_MS,
    );
  });
});

/** Pods are ready a little before the balancer sends anything to them. */
async function serves(node: InstalledNode): Promise<void> {
  await node.rolledOut();
  await waitUntil('an answer', RECOVERY_TIMEOUT_MS, async () =>
    expect((await call(node, 'info', {})).status).toBe(200),
  );
}

/** Nothing is lost and nothing refused. */
async function replaceUnderLoad(node: InstalledNode, name: WorkloadName, account: number): Promise<void> {
  const clients = new Clients(node.url, CLIENTS, account);
  try {
    await clients.more();
    const before = await node.podsOf(name);
    await node.restart(name);
    await clients.more();
    expect((await node.podsOf(name)).filter((pod) => before.includes(pod))).toEqual([]);
  } finally {
    await clients.end();
  }
  expect(clients.failures).toEqual([]);
  await expectKept(node, clients);
}

/** Until there are no more failures; nothing that was acknowledged is lost. */
async function restartUnderLoad(node: InstalledNode, name: WorkloadName, account: number): Promise<Clients> {
  const clients = new Clients(node.url, CLIENTS, account);
  try {
    await clients.more();
    await node.restart(name);
    // Pods that were not ready become so one after the other.
    await waitUntil('a time without failures', RECOVERY_TIMEOUT_MS, async () => {
      const { failed } = clients;
      await clients.more();
      expect(clients.failed).toBe(failed);
    });
  } finally {
    await clients.end();
  }
  await expectKept(node, clients);
  return clients;
}

async function expectKept(node: InstalledNode, { kept }: Clients): Promise<void> {
  for (const [account, texts] of kept) {
    const held = new Set(await allTextsAt(node, account));
    expect(texts.filter((text) => !held.has(text))).toEqual([]);
  }
}
