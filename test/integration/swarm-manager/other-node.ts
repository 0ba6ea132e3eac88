import type { Clock } from '#platform';
import type { NodeKey, StandingKnown } from '#protocol';
import { PeerServer } from '#transport';
import { MemoryLog } from '../memory-log.js';
import type { Listed } from './swarm-manager-under-test.js';

/** Nobody listens on the first ports; no two nodes may have the same. */
let deadPort = 1;

/** Another node of the network: a real peer port, behind which somebody answers as a test wants. */
export class OtherNode {
  known: StandingKnown = { instance: 'ee'.repeat(16), test: null, otherAgeMs: null };
  /** Who asked, by instance. */
  readonly asked: string[] = [];

  private constructor(
    readonly key: NodeKey,
    readonly listed: Listed,
    readonly stop: () => Promise<void>,
  ) {}

  static async start(key: NodeKey, clock: Clock, isMember: (id: string) => boolean): Promise<OtherNode> {
    const unexpected = (): Promise<never> => Promise.reject(new Error('not expected here'));
    const server = new PeerServer({
      seed: key.seed,
      isMember,
      handlers: {
        onion: unexpected,
        commands: (all) => all.map(unexpected),
        standing: (_from, instance) => {
          node.asked.push(instance);
          return Promise.resolve(node.known);
        },
      },
      clock,
      log: new MemoryLog(),
    });
    const peerPort = await server.listen('127.0.0.1', 0);
    deadPort += 1;
    const node: OtherNode = new OtherNode(key, { key, httpsPort: deadPort, peerPort }, () => server.close(0));
    return node;
  }
}
