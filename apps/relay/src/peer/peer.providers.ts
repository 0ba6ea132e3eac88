import type { Socket } from 'node:net';
import type { Provider } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Clock, Log, type DoorHeaders } from '#platform';
import { NodeKey } from '#protocol';
import { PeerContract, PeerServer, PeerTransport, TlsPeerTransport, watchedContract } from '#transport';
import { BoundedAnswerRoom } from '../bandwidth/answer-room.js';
import { Line } from '../bandwidth/line.js';
import { LineMeter } from '../bandwidth/line-meter.js';
import { Load } from '../limits/load.js';
import { DOOR_HEADERS } from '../listener/listener.providers.js';
import { OnionHop } from '../onion/onion-hop.js';
import { Standing } from '../readiness/standing.js';
import { RelayMetrics } from '../relay.metrics.js';
import { StorageRpc } from '../rpc/storage-rpc.js';
import { RelayPeerHandlers } from './peer-handlers.js';
import { PeerLine } from './peer-line.js';
import { PeerPort } from './peer-port.js';
import { StandingAnswers } from './standing-answers.js';

export const peerProviders: Provider[] = [
  { provide: PeerContract, inject: [Log, Registry], useFactory: watchedContract },
  {
    provide: PeerTransport,
    inject: [NodeKey, Clock, PeerContract, BoundedAnswerRoom, LineMeter, RelayMetrics],
    useFactory: (
      key: NodeKey,
      clock: Clock,
      contract: PeerContract,
      room: BoundedAnswerRoom,
      meter: LineMeter,
      metrics: RelayMetrics,
    ) => {
      const onConnection = (socket: Socket): void => meter.dialled(socket, 'next_hop');
      const transport = new TlsPeerTransport(key.seed, clock, contract, room, onConnection);
      metrics.gaugeAtScrape(
        'relay_waiting_requests',
        'Requests that wait for a connection to another node, over all nodes',
        () => transport.waiting,
      );
      return transport;
    },
  },
  {
    provide: RelayPeerHandlers,
    inject: [OnionHop, StorageRpc, StandingAnswers, Load, Line, RelayMetrics, Clock],
    useFactory: (
      hop: OnionHop,
      storage: StorageRpc,
      standings: StandingAnswers,
      load: Load,
      line: Line,
      metrics: RelayMetrics,
      clock: Clock,
    ) => new RelayPeerHandlers({ hop, storage, standings, load, line, metrics, clock }),
  },
  {
    provide: PeerServer,
    inject: [
      NodeKey,
      Standing,
      RelayPeerHandlers,
      Line,
      LineMeter,
      RelayMetrics,
      Clock,
      Log,
      PeerContract,
      DOOR_HEADERS,
    ],
    useFactory: (
      key: NodeKey,
      standing: Standing,
      handlers: RelayPeerHandlers,
      line: Line,
      meter: LineMeter,
      metrics: RelayMetrics,
      clock: Clock,
      log: Log,
      contract: PeerContract,
      doorHeaders: DoorHeaders | null,
    ) => {
      // Only active nodes: one that lost its place has nothing to ask for. docs/protocol/onion.md §6.1
      const isMember = (ed25519: string): boolean => standing.view?.node(ed25519)?.state === 'active';
      const server = new PeerServer({
        seed: key.seed,
        isMember,
        handlers,
        clock,
        log,
        contract,
        doorHeaders,
        line: new PeerLine(line, metrics),
        onConnection: (socket) => meter.accepted(socket, 'peer'),
      });
      metrics.totalAtScrape('relay_strangers_total', 'Connections refused on the peer port', () => server.strangers);
      metrics.pingAge('peer', () => server.secondsSincePing);
      return server;
    },
  },
  PeerPort,
  StandingAnswers,
];
