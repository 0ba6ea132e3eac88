import { Inject, Module, type DynamicModule, type FactoryProvider, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { Clock, loadSeedFile, PRIMITIVES } from '#platform';
import { NodeKey, type Primitives, type SimpleRequest } from '#protocol';
import { PeerTransport, TlsPeerTransport } from '#transport';
import { DeleteHandler } from './delete/delete.handler.js';
import { DeleteRules } from './delete/delete-rules.js';
import { ExpiryLoop } from './expiry/expiry-loop.js';
import { GetSwarmHandler } from './get-swarm/get-swarm.handler.js';
import { InfoHandler } from './info/info.handler.js';
import { mailboxProviders } from './mailbox/redis.providers.js';
import { SwarmView } from './membership/swarm-view.js';
import { NodeSigner } from './node/node-signer.js';
import { OxendHandler } from './oxend/oxend.handler.js';
import { ForwardedRequests } from './replication/forwarded-requests.js';
import { SwarmFanOut } from './replication/swarm-fan-out.js';
import { RetrieveHandler } from './retrieve/retrieve.handler.js';
import { Dispatcher, RPC_HANDLERS } from './rpc/dispatcher.js';
import { RpcController } from './rpc/rpc.controller.js';
import type { RpcHandler } from './rpc/rpc-handler.js';
import type { StorageConfig } from './storage.config.js';
import { StorageMetrics } from './storage.metrics.js';
import { MessageWriter } from './store/message-writer.js';
import { StoreHandler } from './store/store.handler.js';
import { StoreRules } from './store/store-rules.js';

const HANDLERS = [StoreHandler, RetrieveHandler, DeleteHandler, GetSwarmHandler, InfoHandler, OxendHandler];

const handlerTable: FactoryProvider = {
  provide: RPC_HANDLERS,
  inject: HANDLERS,
  useFactory: (...handlers: RpcHandler<SimpleRequest>[]) => handlers,
};

@Module({})
export class StorageModule implements OnApplicationShutdown {
  constructor(
    @Inject(Redis) private readonly redis: Redis,
    @Inject(PeerTransport) private readonly peers: PeerTransport,
  ) {}

  static with(config: StorageConfig): DynamicModule {
    const seed = loadSeedFile(config.STORAGE_KEY_FILE, 'STORAGE_KEY_FILE');
    return {
      module: StorageModule,
      controllers: [RpcController],
      providers: [
        ...mailboxProviders,
        ...HANDLERS,
        handlerTable,
        { provide: NodeKey, inject: [PRIMITIVES], useFactory: (p: Primitives) => NodeKey.fromSeed(seed, p) },
        { provide: PeerTransport, inject: [Clock], useFactory: (clock: Clock) => new TlsPeerTransport(seed, clock) },
        DeleteRules,
        Dispatcher,
        ExpiryLoop,
        ForwardedRequests,
        MessageWriter,
        NodeSigner,
        StorageMetrics,
        StoreRules,
        SwarmFanOut,
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
