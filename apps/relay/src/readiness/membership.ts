import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Log, Readiness } from '#platform';
import { NetworkFeed } from './network-feed.js';
import { Standing } from './standing.js';

/**
 * Keeps our standing in step with the snapshots. Only the first one decides about readiness towards the operator: a
 * node outside every swarm must stay reachable, or nobody's tests could ever let it in again.
 */
@Injectable()
export class Membership implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(NetworkFeed) private readonly feed: NetworkFeed,
    @Inject(Standing) private readonly standing: Standing,
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(Log) private readonly log: Log,
  ) {
    readiness.set('membership', 'no list of the network yet; it comes from swarm-manager');
  }

  onApplicationBootstrap(): void {
    this.feed.onChange((view) => {
      this.standing.update(view);
      this.readiness.set('membership', null);
      const { height, nodes } = view.snapshot;
      this.log.info('membership', { height, count: nodes.length, outcome: this.standing.problem ?? 'serving' });
    });
    this.feed.start();
  }

  onApplicationShutdown(): void {
    this.feed.stop();
  }
}
