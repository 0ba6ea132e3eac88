import type { Provider } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Clock, faultFields, Log } from '#platform';
import { Load } from '../limits/load.js';
import { AnswerWriter } from '../listener/http-answer.js';
import { Standing } from '../readiness/standing.js';
import { RelayMetrics } from '../relay.metrics.js';
import { Backlog } from './backlog.js';
import { Commands } from './commands/commands.js';
import { RequestGate } from './commands/request-gate.js';
import { StorageCommands } from './commands/storage-commands.js';
import { StreamEndpoint } from './stream-endpoint.js';
import { STREAM_LIMITS, streamLimits, type StreamLimits } from './stream-limits.js';
import { StreamMetrics } from './stream.metrics.js';

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
    provide: Commands,
    inject: [StorageCommands],
    useFactory: (storage: StorageCommands) => new Commands(storage),
  },
  {
    provide: StreamEndpoint,
    inject: [Commands, Load, Backlog, STREAM_LIMITS, StreamMetrics, Standing, AnswerWriter, RelayMetrics, Clock, Log],
    useFactory: (
      commands: Commands,
      load: Load,
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
      const parts = { commands, load, backlog, limits, metrics, clock, onFault };
      return new StreamEndpoint(standing, writer, relayMetrics, parts);
    },
  },
];
