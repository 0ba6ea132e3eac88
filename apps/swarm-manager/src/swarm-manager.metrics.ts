import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { Clock } from '#platform';
import type { ProbeResult } from './reachability/peer-probe.js';
import { SURFACES } from './reachability/surfaces.js';

const LIST_OUTCOMES = ['ok', 'refused', 'unavailable'] as const;
const TEST_OUTCOMES = ['reached', 'failed'] as const;

/** Everything this service counts. Nodes are counted, never named. */
@Injectable()
export class SwarmManagerMetrics {
  readonly #lists: Counter<'outcome'>;
  readonly #read: Gauge;
  readonly #tests: Counter<'surface' | 'outcome'>;
  readonly #peers: Gauge<'state'>;
  readonly #height: Gauge;
  readonly #expires: Gauge;
  readonly #nodes: Gauge;
  readonly #members: Gauge;

  constructor(
    @Inject(Registry) registry: Registry,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    const registers = [registry];
    this.#read = new Gauge({
      name: 'swarm_manager_list_read_timestamp_seconds',
      help: 'When the node list was last read without a problem, in seconds since 1970; 0 before the first time',
      registers,
    });
    this.#lists = new Counter({
      name: 'swarm_manager_list_reads_total',
      help: 'Attempts to read the node list, by outcome',
      labelNames: ['outcome'],
      registers,
    });
    this.#tests = new Counter({
      name: 'swarm_manager_reachability_tests_total',
      help: 'Reachability tests of other nodes, by surface and outcome',
      labelNames: ['surface', 'outcome'],
      registers,
    });
    this.#peers = new Gauge({
      name: 'swarm_manager_peers',
      help: 'Other nodes, by what their last reachability test said',
      labelNames: ['state'],
      registers,
    });
    this.#height = new Gauge({ name: 'swarm_manager_height', help: 'Epoch of the list in force', registers });
    this.#expires = new Gauge({
      name: 'swarm_manager_list_expires_timestamp_seconds',
      help: 'When the list in force expires, in seconds since 1970; 0 before the first list',
      registers,
    });
    this.#nodes = new Gauge({ name: 'swarm_manager_nodes', help: 'Nodes in the list in force', registers });
    this.#members = new Gauge({
      name: 'swarm_manager_swarm_members',
      help: 'Members of our swarm, ourselves included; 0 in no swarm',
      registers,
    });
    for (const outcome of LIST_OUTCOMES) this.#lists.inc({ outcome }, 0); // a first scrape lacks no series
    for (const surface of SURFACES) for (const outcome of TEST_OUTCOMES) this.#tests.inc({ surface, outcome }, 0);
  }

  listRead(outcome: (typeof LIST_OUTCOMES)[number]): void {
    this.#lists.inc({ outcome });
    if (outcome === 'ok') this.#read.set(this.clock.now() / 1_000);
  }

  tested(result: ProbeResult, { reachable, unreachable }: { reachable: number; unreachable: number }): void {
    for (const surface of SURFACES) this.#tests.inc({ surface, outcome: result[surface] ? 'reached' : 'failed' });
    this.#peers.set({ state: 'reachable' }, reachable);
    this.#peers.set({ state: 'unreachable' }, unreachable);
  }

  inForce({ epoch, expiresMs }: { epoch: number; expiresMs: number }, nodes: number, members: number): void {
    this.#height.set(epoch);
    this.#expires.set(expiresMs / 1_000);
    this.#nodes.set(nodes);
    this.#members.set(members);
  }
}
