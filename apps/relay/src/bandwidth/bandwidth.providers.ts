import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { CONFIG, Clock } from '#platform';
import type { RelayConfig } from '../relay.config.js';
import { RelayMetrics } from '../relay.metrics.js';
import { BoundedAnswerRoom } from './answer-room.js';
import { BoundedLine } from './bounded-line.js';
import { Line, OpenLine } from './line.js';
import { LineMeter } from './line-meter.js';

/** A megabit a second in bytes a millisecond. */
const BYTES_PER_MS = 125;
/**
 * How often connections are asked what they moved. Bodies are counted at once; this is about the rest. 16,000
 * connections are asked in 10 ms.
 */
const SETTLE_EVERY_MS = 500;

/** Only where there is a bound: without one, connections are asked when somebody reads the metrics. */
@Injectable()
class SettleLine implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(Line) private readonly line: Line,
    @Inject(LineMeter) private readonly meter: LineMeter,
  ) {}

  onApplicationBootstrap(): void {
    const { line, meter } = this;
    if (!(line instanceof BoundedLine)) return;
    let settled = meter.bytes;
    this.timer = setInterval(() => {
      const { bytes } = meter;
      line.settle(bytes - settled);
      settled = bytes;
    }, SETTLE_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}

export const bandwidthProviders: Provider[] = [
  {
    provide: Line,
    inject: [CONFIG, Clock, RelayMetrics],
    useFactory: (config: RelayConfig, clock: Clock, metrics: RelayMetrics): Line => {
      const bytesPerMs = (config.RELAY_MAX_MBIT * BYTES_PER_MS) / config.RELAY_WORKERS;
      const help = 'Bytes a second that this process may move in and out together (RELAY_MAX_MBIT); 0: no limit';
      metrics.gaugeAtScrape('relay_line_limit_bytes', help, () => bytesPerMs * 1_000);
      return bytesPerMs === 0 ? new OpenLine() : new BoundedLine(clock, bytesPerMs);
    },
  },
  {
    provide: LineMeter,
    inject: [RelayMetrics],
    useFactory: (metrics: RelayMetrics) => {
      const meter = new LineMeter();
      metrics.lineBytes(() => meter.read());
      return meter;
    },
  },
  BoundedAnswerRoom,
  SettleLine,
];
