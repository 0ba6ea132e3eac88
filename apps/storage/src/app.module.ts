import { Inject, Module, type DynamicModule, type FactoryProvider, type OnApplicationShutdown } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Clock, loadSeedFile, Log, PRIMITIVES, type RedisClient } from '#platform';
import { NodeKey, type Primitives } from '#protocol';
import { PeerTransport, TlsPeerTransport, watchedContract } from '#transport';
import { Access } from './access/access.js';
import { ActiveNodesHandler } from './active-nodes/active-nodes.handler.js';
import { auditProviders } from './audit/audit.providers.js';
import { DeleteAllMethod } from './delete/delete-all.method.js';
import { DeleteBeforeMethod } from './delete/delete-before.method.js';
import { DeleteMethod } from './delete/delete.method.js';
import { ExpireAllMethod } from './expire/expire-all.method.js';
import { ExpireMethod } from './expire/expire.method.js';
import { GetExpiriesHandler } from './expire/get-expiries.handler.js';
import { ExpiryLoop } from './expiry/expiry-loop.js';
import { GetSwarmHandler } from './get-swarm/get-swarm.handler.js';
import { InfoHandler } from './info/info.handler.js';
import { mailboxProviders } from './mailbox/mailbox.providers.js';
import { ClockTrust } from './membership/clock-trust.js';
import { SwarmView } from './membership/swarm-view.js';
import { MonitorController } from './monitor/monitor.controller.js';
import { monitorProviders } from './monitor/monitor.providers.js';
import { NodeSigner } from './node/node-signer.js';
import { OxendHandler } from './oxend/oxend.handler.js';
import { PeerPatience } from './replication/peer-patience.js';
import { REDIS, RedisProvider } from './redis/redis.provider.js';
import { SwarmFanOut } from './replication/swarm-fan-out.js';
import { SWARM_METHODS } from './replication/swarm-method.js';
import { SwarmRunner } from './replication/swarm-runner.js';
import { PageGate } from './retrieve/page-gate.js';
import { RetrieveHandler } from './retrieve/retrieve.handler.js';
import { RevokeMethod } from './revocation/revoke.method.js';
import { UnrevokeMethod } from './revocation/unrevoke.method.js';
import { Dispatcher, RPC_HANDLERS } from './rpc/dispatcher.js';
import { ForwardedCalls } from './rpc/forwarded-calls.js';
import { RpcController } from './rpc/rpc.controller.js';
import type { StorageConfig } from './storage.config.js';
import { StorageMetrics } from './storage.metrics.js';
import { FetchFromMembers } from './sync/fetch-from-members.js';
import { FetchMethod } from './sync/fetch.method.js';
import { MemberMethods } from './sync/member-methods.js';
import { StoreMethod } from './store/store.method.js';

/** What this node answers alone. */
const HANDLERS = [RetrieveHandler, GetExpiriesHandler, GetSwarmHandler, InfoHandler, OxendHandler, ActiveNodesHandler];

/** What every member of the swarm carries out. */
const METHODS = [
  StoreMethod,
  DeleteMethod,
  DeleteAllMethod,
  DeleteBeforeMethod,
  ExpireMethod,
  ExpireAllMethod,
  RevokeMethod,
  UnrevokeMethod,
];

const tableOf = (provide: symbol, inject: FactoryProvider['inject'] = []): FactoryProvider => ({
  provide,
  inject,
  useFactory: (...entries: unknown[]) => entries,
});

@Module({})
export class StorageModule implements OnApplicationShutdown {
  constructor(
    @Inject(REDIS) private readonly redis: RedisClient,
    @Inject(PeerTransport) private readonly peers: PeerTransport,
  ) {}

  static with(config: StorageConfig): DynamicModule {
    const seed = loadSeedFile(config.STORAGE_KEY_FILE, 'STORAGE_KEY_FILE');
    return {
      module: StorageModule,
      controllers: [RpcController, MonitorController],
      providers: [
        RedisProvider,
        ...mailboxProviders,
        ...monitorProviders,
        ...auditProviders,
        ...HANDLERS,
        ...METHODS,
        tableOf(RPC_HANDLERS, HANDLERS),
        tableOf(SWARM_METHODS, METHODS),
        { provide: NodeKey, inject: [PRIMITIVES], useFactory: (p: Primitives) => NodeKey.fromSeed(seed, p) },
        {
          provide: PeerTransport,
          inject: [Clock, Log, Registry],
          useFactory: (clock: Clock, log: Log, registry: Registry) =>
            new TlsPeerTransport(seed, clock, watchedContract(log, registry)),
        },
        Access,
        ClockTrust,
        Dispatcher,
        ForwardedCalls,
        FetchFromMembers,
        FetchMethod,
        MemberMethods,
        ExpiryLoop,
        NodeSigner,
        PageGate,
        PeerPatience,
        StorageMetrics,
        SwarmFanOut,
        SwarmRunner,
        SwarmView,
      ],
    };
  }

  /** After the last handler has finished. */
  async onApplicationShutdown(): Promise<void> {
    await this.peers.close();
    this.redis.disconnect();
  }
}
