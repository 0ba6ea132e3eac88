import type { Provider } from '@nestjs/common';
import { CONFIG, Clock, DoorHeaders, HandshakeGate, Log, memoryLimitBytes, sourceOf } from '#platform';
import { NodeKey } from '#protocol';
import { Line } from '../bandwidth/line.js';
import { LineMeter } from '../bandwidth/line-meter.js';
import { RELAY_LIMITS, type RelayLimits } from '../limits/budget.js';
import { connectionsFor } from '../limits/connections.js';
import { SOURCE_LIMITS, type SourceLimits } from '../limits/limits.providers.js';
import { Load } from '../limits/load.js';
import { ReadingTurns } from '../limits/reading-turns.js';
import { OnionHandler } from '../onion/onion-handler.js';
import { PingRoutes } from '../ping/ping-routes.js';
import { Standing } from '../readiness/standing.js';
import type { RelayConfig } from '../relay.config.js';
import { RelayMetrics } from '../relay.metrics.js';
import { RpcHandler } from '../rpc/rpc-handler.js';
import { StreamEndpoint } from '../stream/stream-endpoint.js';
import { BodyRoute, type BodyRouteParts } from './body-route.js';
import { AnswerWriter } from './http-answer.js';
import { PublicListener } from './public-listener.js';
import { PublicPort } from './public-port.js';
import { PublicRoutes } from './public-routes.js';
import { PublicTls } from './public-tls.js';

/** Of both ports; null where clients and nodes come in themselves. */
export const DOOR_HEADERS = Symbol('DOOR_HEADERS');

const SHARED_PARTS = Symbol('SHARED_PARTS');
type SharedParts = Omit<BodyRouteParts, 'sources'>;

export const listenerProviders: Provider[] = [
  {
    provide: AnswerWriter,
    inject: [CONFIG],
    useFactory: (config: RelayConfig) => new AnswerWriter(config.RELAY_REPORTED_VERSION),
  },
  {
    provide: PingRoutes,
    inject: [AnswerWriter, Clock, NodeKey, CONFIG, RelayMetrics],
    useFactory: (writer: AnswerWriter, clock: Clock, key: NodeKey, config: RelayConfig, metrics: RelayMetrics) => {
      const routes = new PingRoutes(writer, clock, key.ed25519.publicKey, config.RELAY_REPORTED_VERSION);
      metrics.pingAge('https', () => routes.secondsSincePing);
      return routes;
    },
  },
  {
    provide: SHARED_PARTS,
    inject: [Standing, Load, Line, ReadingTurns, AnswerWriter, RelayMetrics],
    useFactory: (
      standing: Standing,
      load: Load,
      line: Line,
      turns: ReadingTurns,
      writer: AnswerWriter,
      metrics: RelayMetrics,
    ): SharedParts => ({
      standing,
      load,
      line,
      turns,
      writer,
      metrics,
    }),
  },
  {
    provide: PublicRoutes,
    inject: [OnionHandler, RpcHandler, PingRoutes, SHARED_PARTS, SOURCE_LIMITS, Log],
    useFactory: (
      onion: OnionHandler,
      rpc: RpcHandler,
      ping: PingRoutes,
      parts: SharedParts,
      limits: SourceLimits,
      log: Log,
    ) =>
      new PublicRoutes(
        {
          onion: new BodyRoute(onion, { ...parts, sources: limits.onions }),
          rpc: new BodyRoute(rpc, { ...parts, sources: limits.rpc }),
          ping,
        },
        parts.writer,
        (cause) => log.error('request_failed', { reason: cause instanceof Error ? cause.name : 'unknown' }),
      ),
  },
  {
    provide: HandshakeGate,
    inject: [Clock, RELAY_LIMITS, CONFIG, RelayMetrics],
    useFactory: (
      clock: Clock,
      { connections: most }: RelayLimits,
      { RELAY_WORKERS }: RelayConfig,
      metrics: RelayMetrics,
    ) => {
      const connections = Math.min(most, connectionsFor(memoryLimitBytes(), RELAY_WORKERS));
      const gate = new HandshakeGate({ clock, sourceOf, limits: { connections } });
      metrics.gaugeAtScrape(
        'relay_handshakes_waiting',
        'Connections of the public port whose handshake has not begun',
        () => gate.waiting,
      );
      metrics.totalAtScrape(
        'relay_connections_refused_total',
        'Connections of the public port refused before their handshake',
        () => gate.refused,
      );
      metrics.totalAtScrape(
        'relay_connections_gave_way_total',
        'Connections of the public port closed for one of a source with fewer',
        () => gate.gaveWay,
      );
      return gate;
    },
  },
  {
    provide: DOOR_HEADERS,
    inject: [CONFIG, RelayMetrics],
    useFactory: ({ RELAY_BEHIND_DOOR }: RelayConfig, metrics: RelayMetrics): DoorHeaders | null => {
      const headers = RELAY_BEHIND_DOOR ? new DoorHeaders() : null;
      metrics.gaugeAtScrape('relay_behind_door', 'Above 0 where connections come through a door only', () =>
        headers === null ? 0 : 1,
      );
      metrics.totalAtScrape(
        'relay_door_headers_refused_total',
        'Connections of both ports that did not begin as those from a door do',
        () => headers?.refused ?? 0,
      );
      return headers;
    },
  },
  {
    provide: PublicListener,
    inject: [
      PublicTls,
      PublicRoutes,
      AnswerWriter,
      StreamEndpoint,
      HandshakeGate,
      DOOR_HEADERS,
      LineMeter,
      RELAY_LIMITS,
    ],
    useFactory: (
      tls: PublicTls,
      routes: PublicRoutes,
      writer: AnswerWriter,
      streams: StreamEndpoint,
      gate: HandshakeGate,
      headers: DoorHeaders | null,
      meter: LineMeter,
      { handshakeMs }: RelayLimits,
    ) => {
      const guards = headers === null ? [gate] : [gate, headers];
      const listener = new PublicListener(tls.pair, routes, writer, streams, guards, handshakeMs);
      listener.onConnection = (socket) => meter.accepted(socket, 'public');
      tls.onChange = (pair) => listener.useCertificate(pair);
      return listener;
    },
  },
  PublicTls,
  PublicPort,
];
