import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { encodeRelayReport, SUBJECTS } from '#contracts';
import { Bus } from '#platform';
import { PeerServer } from '#transport';
import { PingRoutes } from '../ping/ping-routes.js';
import { RelayMetrics } from '../relay.metrics.js';

/** Short against the two minutes after which a surface that nobody tests is worth a warning. */
const EVERY_MS = 5_000;

const NONE = { requests: 0, bytesIn: 0, bytesOut: 0 };

/** Tells swarm-manager when this process was last tested, and how much went through it. docs/protocol/membership.md §6 */
@Injectable()
export class RelayReports implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private told = NONE;

  constructor(
    @Inject(Bus) private readonly bus: Bus,
    @Inject(PingRoutes) private readonly pings: PingRoutes,
    @Inject(PeerServer) private readonly peers: PeerServer,
    @Inject(RelayMetrics) private readonly metrics: RelayMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.tell(), EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** What cannot be told now is told with the next report. */
  tell(): void {
    if (!this.bus.connected) return;
    const { traffic } = this.metrics;
    const report = {
      testedAgoMs: { public: msOf(this.pings.secondsSincePing), peer: msOf(this.peers.secondsSincePing) },
      requests: traffic.requests - this.told.requests,
      bytesIn: traffic.bytesIn - this.told.bytesIn,
      bytesOut: traffic.bytesOut - this.told.bytesOut,
    };
    this.told = traffic;
    this.bus.publish(SUBJECTS.relayReport, encodeRelayReport(report));
  }
}

const msOf = (seconds: number | undefined): number | null => (seconds === undefined ? null : seconds * 1_000);
