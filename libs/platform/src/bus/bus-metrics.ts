import { Counter, Gauge, type Registry } from 'prom-client';

/** What became of a call: `busy` was refused for want of a place, `fault` is a handler that failed. */
const OUTCOMES = ['answered', 'busy', 'fault'] as const;
export type CallOutcome = (typeof OUTCOMES)[number];

/** What a service counts about the calls it answers on the bus. */
export class BusMetrics {
  readonly #calls: Counter<'outcome'>;

  /** `running` tells how many calls are being worked on, `places` how many there may be. */
  constructor(registry: Registry, running: () => number, places: number) {
    this.#calls = new Counter({
      name: 'bus_calls_total',
      help: 'Calls that came in on the bus, by what became of them',
      labelNames: ['outcome'],
      registers: [registry],
    });
    for (const outcome of OUTCOMES) this.#calls.inc({ outcome }, 0); // a first scrape lacks no series
    new Gauge({
      name: 'bus_calls_running',
      help: 'Calls from the bus that are being worked on',
      registers: [registry],
      collect() {
        this.set(running());
      },
    });
    // What an autoscaler needs: the same target whatever the number of places; of several processes the mean.
    new Gauge({
      name: 'bus_places_taken_ratio',
      help: 'Calls from the bus that are being worked on, of as many as there are places; at 1 further ones are refused',
      aggregator: 'average',
      registers: [registry],
      collect() {
        this.set(running() / places);
      },
    });
  }

  count(outcome: CallOutcome): void {
    this.#calls.inc({ outcome });
  }
}
