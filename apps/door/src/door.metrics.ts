import { Counter, Gauge, type Registry } from 'prom-client';
import type { Relays } from './relays/relays.js';

export const PORTS = ['https', 'peer'] as const;
export type PortName = (typeof PORTS)[number];

/** Why a connection was closed that no relay answered. */
const REFUSALS = ['full', 'source', 'no_relay', 'relay'] as const;
export type Refusal = (typeof REFUSALS)[number];

/** `lost`: the connection ended before the relay's first byte. */
const RELAY_FAILURES = ['refused', 'timeout', 'lost'] as const;
export type RelayFailure = (typeof RELAY_FAILURES)[number];

/** Everything the door counts; every label value is known beforehand. docs/protocol/door.md */
export class DoorMetrics {
  private readonly taken: Counter<'port'>;
  private readonly refusals: Counter<'port' | 'reason'>;
  private readonly failures: Counter<'reason'>;
  private readonly open = new Map<PortName, () => number>();

  constructor(registry: Registry, relays: Relays) {
    const registers = [registry];
    const { open } = this;
    new Gauge({
      name: 'door_connections',
      help: 'Connections of clients and of other nodes that are open, by port',
      labelNames: ['port'],
      registers,
      collect() {
        for (const port of PORTS) this.set({ port }, open.get(port)?.() ?? 0);
      },
    });
    new Gauge({
      name: 'door_relays',
      help: 'Relays that connections may be passed on to',
      registers,
      collect() {
        this.set(relays.count);
      },
    });
    this.taken = new Counter({
      name: 'door_connections_total',
      help: 'Connections that were taken, by port',
      labelNames: ['port'],
      registers,
    });
    this.refusals = new Counter({
      name: 'door_refusals_total',
      help: 'Connections closed without an answer of a relay, by port and reason',
      labelNames: ['port', 'reason'],
      registers,
    });
    this.failures = new Counter({
      name: 'door_relay_failures_total',
      help: 'Connections to relays that came to nothing, after which another relay was tried if there was one',
      labelNames: ['reason'],
      registers,
    });
    this.showEverySeries();
  }

  openOn(port: PortName, read: () => number): void {
    this.open.set(port, read);
  }

  took(port: PortName): void {
    this.taken.inc({ port });
  }

  refused(port: PortName, reason: Refusal): void {
    this.refusals.inc({ port, reason });
  }

  relayFailed(reason: RelayFailure): void {
    this.failures.inc({ reason });
  }

  /** A first scrape lacks no series. */
  private showEverySeries(): void {
    for (const port of PORTS) {
      this.taken.inc({ port }, 0);
      for (const reason of REFUSALS) this.refusals.inc({ port, reason }, 0);
    }
    for (const reason of RELAY_FAILURES) this.failures.inc({ reason }, 0);
  }
}
