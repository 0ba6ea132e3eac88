import { Inject, Injectable } from '@nestjs/common';
import { Clock, CONFIG } from '#platform';
import type { SwarmManagerConfig } from '../swarm-manager.config.js';
import { PeerRounds } from './peer-rounds.js';
import { PeerViews } from './peer-views.js';

/** In means of the times between reachability tests, 10 s: the nodes asked now and those asked before. */
const FRESH = 15;

/** What the nodes that we ask say of their last test of us. docs/protocol/peer.md §8.3 */
@Injectable()
export class SeenByPeers {
  readonly views: PeerViews;
  #last: { readonly asked: number; readonly answered: number; readonly atMs: number } | null = null;

  constructor(
    @Inject(PeerRounds) rounds: PeerRounds,
    @Inject(Clock) clock: Clock,
    @Inject(CONFIG) config: SwarmManagerConfig,
  ) {
    this.views = new PeerViews(FRESH * config.SWARM_MANAGER_PING_INTERVAL_MS);
    rounds.onRound(({ asked, answers }) => {
      const nowMs = clock.monotonicMs();
      this.#last = { asked, answered: answers.length, atMs: nowMs };
      for (const { node, report } of answers) this.views.take(node.ed25519, report, nowMs);
    });
  }

  /** The last round; null before the first. */
  get lastRound(): { readonly asked: number; readonly answered: number; readonly atMs: number } | null {
    return this.#last;
  }
}
