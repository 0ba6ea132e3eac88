import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#platform';
import type { Surface } from '../reachability/surfaces.js';
import { ClockWatch } from '../standing/clock-watch.js';
import type { PeerView } from '../standing/peer-views.js';
import { RelayNews } from '../standing/relay-news.js';
import { SeenByPeers } from '../standing/seen-by-peers.js';
import { TwinWatch } from '../twin/twin-watch.js';
import type { NodeStatus, ViewStatus } from './node-status.js';

/** The part of the status that other nodes have a say in. */
@Injectable()
export class StandingStatus {
  constructor(
    @Inject(ClockWatch) private readonly watch: ClockWatch,
    @Inject(RelayNews) private readonly news: RelayNews,
    @Inject(SeenByPeers) private readonly seen: SeenByPeers,
    @Inject(TwinWatch) private readonly twins: TwinWatch,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  get isClockTrusted(): boolean {
    return this.watch.verdict.isTrusted;
  }

  /** Surfaces that nobody tested for too long, where somebody could. */
  untested(): readonly Surface[] {
    return this.news.isTestable ? this.news.tested.untested(this.clock.monotonicMs()) : [];
  }

  read(): Pick<NodeStatus, 'tested' | 'seen_by_peers' | 'clock' | 'twin'> {
    const nowMs = this.clock.monotonicMs();
    const { state, aheadMs, peers, reason } = this.watch.verdict;
    const { views } = this.seen;
    const round = this.seen.lastRound;
    const { twin } = this.twins;
    const shown = views.all(nowMs).map((view) => viewStatus(view, nowMs));
    const observed = shown.map(({ observed_ip: ip }) => ip).filter((ip) => ip !== null);
    return {
      tested: {
        public: { age_ms: rounded(this.news.tested.ageMs('public', nowMs)) },
        peer: { age_ms: rounded(this.news.tested.ageMs('peer', nowMs)) },
      },
      seen_by_peers: {
        asked: round?.asked ?? 0,
        answered: round?.answered ?? 0,
        age_ms: rounded(round === null ? null : nowMs - round.atMs),
        ...views.counts(nowMs),
        observed_ips: [...new Set(observed)].sort(),
        views: shown,
      },
      clock: { state, offset_ms: rounded(aheadMs), peers, reason },
      twin: {
        found: twin !== null,
        seen_age_ms: rounded(twin === null ? null : nowMs - twin.seenMs),
        how: twin?.how ?? null,
      },
    };
  }
}

function viewStatus({ node, atMs, report }: PeerView, nowMs: number): ViewStatus {
  const { test, observedIp } = report;
  return {
    ed25519: node,
    age_ms: Math.round(nowMs - atMs),
    observed_ip: observedIp,
    test:
      test === null
        ? null
        : {
            age_ms: Math.round(test.ageMs + nowMs - atMs),
            ip: test.ip,
            public: { port: test.public.port, reached: test.public.isReached },
            peer: { port: test.peer.port, reached: test.peer.isReached },
          },
  };
}

const rounded = (ms: number | null): number | null => (ms === null ? null : Math.round(ms));
