import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#platform';
import { RelayNews } from '../standing/relay-news.js';
import { TrafficHistory, type TrafficMinute } from './traffic-history.js';

/** The last hour of this node's relays, as they report it. */
@Injectable()
export class Traffic {
  readonly #history = new TrafficHistory();

  constructor(
    @Inject(RelayNews) news: RelayNews,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    news.onReport((report) => this.#history.add(report, clock.now()));
  }

  minutes(): readonly TrafficMinute[] {
    return this.#history.minutes(this.clock.now());
  }
}
