import type { Provider } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Bus, Clock, faultFields, Log, PRIMITIVES } from '#platform';
import type { Primitives } from '#protocol';
import { Line } from '../bandwidth/line.js';
import { Load } from '../limits/load.js';
import { AnswerWriter } from '../listener/http-answer.js';
import { Standing } from '../readiness/standing.js';
import { RelayMetrics } from '../relay.metrics.js';
import { Backlog } from './backlog.js';
import { Commands } from './commands/commands.js';
import { MonitorCommand } from './commands/monitor-command.js';
import { RequestGate } from './commands/request-gate.js';
import { StorageCommands } from './commands/storage-commands.js';
import { StreamEndpoint } from './stream-endpoint.js';
import { STREAM_LIMITS, streamLimits, type StreamLimits } from './stream-limits.js';
import { StreamMetrics } from './stream.metrics.js';
import { ShardFeed } from './subscriptions/shard-feed.js';
import { Subscriptions } from './subscriptions/subscriptions.js';

export const streamProviders: Provider[] = [
  { provide: STREAM_LIMITS, useValue: streamLimits },
  {
    provide: Backlog,
    inject: [STREAM_LIMITS],
    useFactory: (limits: StreamLimits) => new Backlog(limits.allWaitingBytes),
  },
  {
    provide: StreamMetrics,
    inject: [Registry, Backlog],
    useFactory: (registry: Registry, backlog: Backlog) => new StreamMetrics(registry, backlog),
  },
  RequestGate,
  StorageCommands,
  {
    provide: ShardFeed,
    inject: [Bus, PRIMITIVES],
    useFactory: (bus: Bus, primitives: Primitives) => new ShardFeed(bus, primitives),
  },
  {
    provide: Subscriptions,
    inject: [ShardFeed, Clock, STREAM_LIMITS, StreamMetrics, RelayMetrics],
    useFactory: (
      feed: ShardFeed,
      clock: Clock,
      limits: StreamLimits,
      metrics: StreamMetrics,
      relayMetrics: RelayMetrics,
    ) => {
      const subscriptions = new Subscriptions(feed, clock, limits, metrics);
      const help = 'Subscriptions of clients to the new messages of an account';
      relayMetrics.gaugeAtScrape('relay_stream_subscriptions', help, () => subscriptions.size);
      return subscriptions;
    },
  },
  MonitorCommand,
  {
    provide: Commands,
    inject: [StorageCommands, MonitorCommand],
    useFactory: (storage: StorageCommands, monitor: MonitorCommand) => new Commands(storage, monitor),
  },
  {
    provide: StreamEndpoint,
    inject: [
      Commands,
      Subscriptions,
      Load,
      Line,
      Backlog,
      STREAM_LIMITS,
      StreamMetrics,
      Standing,
      AnswerWriter,
      RelayMetrics,
      Clock,
      Log,
    ],
    useFactory: (
      commands: Commands,
      subscriptions: Subscriptions,
      load: Load,
      line: Line,
      backlog: Backlog,
      limits: StreamLimits,
      metrics: StreamMetrics,
      standing: Standing,
      writer: AnswerWriter,
      relayMetrics: RelayMetrics,
      clock: Clock,
      log: Log,
    ) => {
      const onFault = (cause: unknown): void => log.error('stream_failed', faultFields(cause));
      const parts = { commands, load, line, backlog, limits, metrics, clock, onFault };
      return new StreamEndpoint(standing, writer, relayMetrics, subscriptions, parts);
    },
  },
];
