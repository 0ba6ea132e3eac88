import { Gauge, type Registry } from 'prom-client';
import { SURFACES, type Surface } from '../reachability/surfaces.js';
import type { ClockVerdict } from './clock-comparison.js';
import type { SeenCounts } from './peer-views.js';

/** Where the values come from when somebody scrapes. */
export interface StandingReadings {
  clock(): ClockVerdict;
  /** Null: not tested yet. */
  testedAgeMs(surface: Surface): number | null;
  seen(): SeenCounts;
  isTwinFound(): boolean;
}

/** This node as others see it. Nodes are counted, never named; what is not known is NaN. */
export function standingGauges(registry: Registry, read: StandingReadings): readonly Gauge[] {
  const registers = [registry];
  return [
    new Gauge({
      name: 'swarm_manager_tested_age_seconds',
      help: 'Since another node last tested this one, over all relays, by surface; NaN before the first test',
      labelNames: ['surface'],
      registers,
      collect() {
        for (const surface of SURFACES) this.set({ surface }, secondsOf(read.testedAgeMs(surface)));
      },
    }),
    new Gauge({
      name: 'swarm_manager_peer_views',
      help: 'Nodes asked lately whose fresh test of this one succeeded or failed, by surface',
      labelNames: ['surface', 'outcome'],
      registers,
      collect() {
        const counts = read.seen();
        for (const surface of SURFACES) {
          this.set({ surface, outcome: 'reached' }, counts[surface].reached);
          this.set({ surface, outcome: 'failed' }, counts[surface].failed);
        }
      },
    }),
    new Gauge({
      name: 'swarm_manager_twin_found',
      help: '1 while another live node with the key of this one is known of, otherwise 0',
      registers,
      collect() {
        this.set(read.isTwinFound() ? 1 : 0);
      },
    }),
    new Gauge({
      name: 'swarm_manager_clock_offset_seconds',
      help: 'How far the clock of this machine is ahead of the median of other nodes; NaN while unknown',
      registers,
      collect() {
        this.set(secondsOf(read.clock().aheadMs));
      },
    }),
    new Gauge({
      name: 'swarm_manager_clock_peers',
      help: 'Clocks of other nodes that ours was compared with',
      registers,
      collect() {
        this.set(read.clock().peers);
      },
    }),
    new Gauge({
      name: 'swarm_manager_clock_trusted',
      help: '1 while this node serves by its clock, 0 after it was too far from the others for two minutes',
      registers,
      collect() {
        this.set(read.clock().isTrusted ? 1 : 0);
      },
    }),
  ];
}

const secondsOf = (ms: number | null): number => (ms === null ? NaN : ms / 1_000);
