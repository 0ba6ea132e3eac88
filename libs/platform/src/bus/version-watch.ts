import { Counter, type Registry } from 'prom-client';
import type { Log } from '../log/log.js';

const RELATIONS = ['older', 'newer'] as const;

/** Versions of messages on the bus that are not this service's own: a log line for each, and a count of its messages. */
export class VersionWatch {
  readonly #seen = new Set<number>();
  readonly #messages: Counter<'relation'>;

  constructor(
    private readonly log: Log,
    registry: Registry,
  ) {
    this.#messages = new Counter({
      name: 'bus_other_version_messages_total',
      help: 'Messages of services of another contract version, by how that stands to our own',
      labelNames: ['relation'],
      registers: [registry],
    });
    for (const relation of RELATIONS) this.#messages.inc({ relation }, 0); // a first scrape lacks no series
  }

  /** A version is a byte on the wire, or a number of one of our services: no stranger chooses how many there are. */
  met(version: number, own: number): void {
    const relation = version < own ? 'older' : 'newer';
    this.#messages.inc({ relation });
    if (this.#seen.has(version)) return;
    this.#seen.add(version);
    this.log.warn('other_contract_version', {
      version: String(version),
      reason: `a service of this node speaks a version of the contract that is ${relation} than ${own}`,
    });
  }
}
