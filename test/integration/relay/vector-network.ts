import type { NetworkSnapshot, NodeRecord } from '#protocol';
import { SystemClock } from '#platform';
import { PeerServer, type PeerHandlers } from '#transport';
import { aNodeRecord, startNats, type NatsAccount, type TestNats } from '#testing';
import { hex, loadOnionVectors, type NodeVector } from '../../vectors/onion-vectors.js';
import { MemoryLog } from '../memory-log.js';
import { RelayUnderTest, type RelayOptions } from './relay-under-test.js';

export const vectors = loadOnionVectors();
const SWARM_ID = 0x2000_0000_0000_0000n;

export function nodeVector(name: string): NodeVector {
  const found = vectors.nodes.find((node) => node.name === name);
  if (found === undefined) throw new Error(`no node ${name} in the vectors`);
  return found;
}

/** Its account on the bus. */
export const accountOf = (name: string): NatsAccount => ({ user: name, password: `${name}-secret` });

/** A listed node. */
export function record(
  node: Pick<NodeVector, 'ed25519_pubkey' | 'x25519_pubkey'>,
  changes: Partial<NodeRecord>,
): NodeRecord {
  return aNodeRecord({ ed25519: node.ed25519_pubkey, x25519: node.x25519_pubkey, swarmId: SWARM_ID, ...changes });
}

export function snapshotOf(nodes: readonly NodeRecord[], changes: Partial<NetworkSnapshot> = {}): NetworkSnapshot {
  return { height: 1, blockHash: '00'.repeat(32), hardfork: [19, 4], nodes, ...changes };
}

/** A next hop that does what a test wants, behind a real peer port. */
export async function startPeer(
  node: NodeVector,
  members: readonly string[],
  handlers: Partial<PeerHandlers>,
): Promise<{ port: number; stop: () => Promise<void> }> {
  const refuse = (): Promise<never> => Promise.reject(new Error('not expected here'));
  const log = new MemoryLog();
  const server = new PeerServer({
    seed: hex(node.ed25519_seed),
    isMember: (key) => members.includes(key),
    handlers: { onion: refuse, commands: (all) => all.map(refuse), standing: refuse, ...handlers },
    clock: new SystemClock(),
    log,
  });
  const port = await server.listen('127.0.0.1', 0);
  return { port, stop: () => server.close(0) };
}

/** Relays with the keys of the vectors, one bus account each. */
export class VectorNetwork {
  private readonly relays = new Map<string, RelayUnderTest>();

  private constructor(readonly nats: TestNats) {}

  /**
   * Starts relays for the named nodes of the vectors; none knows the network before `publish`. `processes` get a bus
   * account only: a test starts them by itself.
   */
  static async start(
    names: readonly string[],
    options: (name: string) => Partial<RelayOptions> = () => ({}),
    processes: readonly string[] = [],
  ): Promise<VectorNetwork> {
    const accounts = names.map(accountOf);
    const network = new VectorNetwork(await startNats({ accounts: [...accounts, ...processes.map(accountOf)] }));
    for (const account of accounts) {
      const seed = nodeVector(account.user).ed25519_seed;
      const relay = await RelayUnderTest.start({ seed, natsUrl: network.nats.url, account, ...options(account.user) });
      network.relays.set(account.user, relay);
    }
    return network;
  }

  relay(name: string): RelayUnderTest {
    const relay = this.relays.get(name);
    if (relay === undefined) throw new Error(`no relay ${name}`);
    return relay;
  }

  /** Tells all relays of one another and of `others`, and waits until they know. */
  async publish(others: readonly NodeRecord[] = [], changes: Partial<NetworkSnapshot> = {}): Promise<void> {
    const own = [...this.relays].map(([name, relay]) =>
      record(nodeVector(name), { httpsPort: relay.httpsPort, peerPort: relay.peerPort }),
    );
    const listed = new Map([...own, ...others].map((node) => [node.ed25519, node])); // later entries win
    await this.publishExactly(snapshotOf([...listed.values()], changes));
  }

  async publishExactly(snapshot: NetworkSnapshot): Promise<void> {
    const told = [...this.relays.values()].map((relay) => relay.log.nextEvent('membership'));
    for (const relay of this.relays.values()) relay.node.publish(snapshot);
    await Promise.all(told);
  }

  /** What went wrong inside; must be empty at the end of every test file. */
  faults(): readonly string[] {
    return [...this.relays.values()].flatMap((relay) => relay.log.faults);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.relays.values()].map((relay) => relay.stop()));
    await this.nats.stop();
  }
}
