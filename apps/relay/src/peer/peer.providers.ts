import type { Provider } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Clock, Log } from '#platform';
import { NodeKey } from '#protocol';
import { PeerContract, PeerServer, PeerTransport, TlsPeerTransport, watchedContract } from '#transport';
import { Load } from '../limits/load.js';
import { OnionHop } from '../onion/onion-hop.js';
import { Standing } from '../readiness/standing.js';
import { RelayMetrics } from '../relay.metrics.js';
import { StorageRpc } from '../rpc/storage-rpc.js';
import { RelayPeerHandlers } from './peer-handlers.js';
import { PeerPort } from './peer-port.js';
import { StandingAnswers } from './standing-answers.js';

export const peerProviders: Provider[] = [
  { provide: PeerContract, inject: [Log, Registry], useFactory: watchedContract },
  {
    provide: PeerTransport,
    inject: [NodeKey, Clock, PeerContract, Load, RelayMetrics],
    useFactory: (key: NodeKey, clock: Clock, contract: PeerContract, load: Load, metrics: RelayMetrics) => {
      const transport = new TlsPeerTransport(key.seed, clock, contract, load);
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
    inject: [OnionHop, StorageRpc, StandingAnswers, Load, RelayMetrics, Clock],
    useFactory: (
      hop: OnionHop,
      storage: StorageRpc,
      standings: StandingAnswers,
      load: Load,
      metrics: RelayMetrics,
      clock: Clock,
    ) => new RelayPeerHandlers({ hop, storage, standings, load, metrics, clock }),
  },
  {
    provide: PeerServer,
    inject: [NodeKey, Standing, RelayPeerHandlers, RelayMetrics, Clock, Log, PeerContract],
    useFactory: (
      key: NodeKey,
      standing: Standing,
      handlers: RelayPeerHandlers,
      metrics: RelayMetrics,
      clock: Clock,
      log: Log,
      contract: PeerContract,
    ) => {
      // Only active nodes: one that lost its place has nothing to ask for. docs/protocol/onion.md §6.1
      const isMember = (ed25519: string): boolean => standing.view?.node(ed25519)?.state === 'active';
      const server = new PeerServer({ seed: key.seed, isMember, handlers, clock, log, contract });
      metrics.totalAtScrape('relay_strangers_total', 'Connections refused on the peer port', () => server.strangers);
      metrics.pingAge('peer', () => server.secondsSincePing);
      return server;
    },
  },
  PeerPort,
  StandingAnswers,
];
