import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ContractError, decodeRelayReport, SUBJECTS, type RelayReport } from '#contracts';
import { Bus, Clock, Log } from '#platform';
import { PeerRounds } from './peer-rounds.js';
import { TestedSurfaces } from './tested-surfaces.js';

/** Fine against the two minutes of `TestedSurfaces`. */
const LOOK_EVERY_MS = 10_000;

/** What the relays of this node report: when other nodes last tested them. docs/protocol/membership.md §6 */
@Injectable()
export class RelayNews implements OnApplicationBootstrap, OnModuleDestroy {
  readonly tested: TestedSurfaces;
  readonly #listeners = new Set<(report: RelayReport) => void>();
  #end = (): void => undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(Bus) private readonly bus: Bus,
    @Inject(PeerRounds) private readonly rounds: PeerRounds,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {
    this.tested = new TestedSurfaces(clock.monotonicMs());
  }

  onApplicationBootstrap(): void {
    this.#end = this.bus.subscribe(SUBJECTS.relayReport, (bytes) => this.#hear(bytes));
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  onModuleDestroy(): void {
    this.#end();
    clearInterval(this.#timer);
  }

  onReport(listener: (report: RelayReport) => void): void {
    this.#listeners.add(listener);
  }

  /** In a network of one there is nobody who could test us. */
  get isTestable(): boolean {
    return 'nodes' in this.rounds.comparable;
  }

  #look(): void {
    if (!this.isTestable) return;
    for (const surface of this.tested.toWarnOf(this.clock.monotonicMs())) {
      this.log.warn('not_tested_by_peers', { outcome: surface });
    }
  }

  #hear(bytes: Uint8Array): void {
    let report: RelayReport;
    try {
      report = decodeRelayReport(bytes);
    } catch (cause) {
      if (!(cause instanceof ContractError)) throw cause;
      this.log.warn('relay_report_unreadable', { reason: cause.message }); // a version skew
      return;
    }
    this.tested.hear(report, this.clock.monotonicMs());
    for (const listener of this.#listeners) listener(report);
  }
}
