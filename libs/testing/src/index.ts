export { aNodeRecord } from './builders/a-node-record.js';
export { anAccount } from './builders/an-account.js';
export { MovedClock } from './clocks/moved-clock.js';
export { SetClock } from './clocks/set-clock.js';
export { SharedTime, WrongClock } from './clocks/wrong-clock.js';
export { compiledProgram } from './compiled-program.js';
export { FileServer } from './file-server/file-server.js';
export { startNats } from './nats.js';
export type { NatsAccount, NatsOptions, TestNats } from './nats.js';
export {
  GOLDEN_DECOMMISSIONED,
  GOLDEN_SILENT,
  GOLDEN_UNLISTED,
  goldenNetworkFile,
  goldenNodeName,
} from './network/golden-network.js';
export type { GoldenSetup, NetworkFileDocument } from './network/golden-network.js';
export { startNetwork } from './network/start-network.js';
export type { NetworkOptions, TestNetwork } from './network/start-network.js';
export { starling } from './network/starling-cli.js';
export { TestNode } from './network/test-node.js';
export type { NodeInfo, NodeService } from './network/test-node.js';
export { findPrometheus } from './prometheus/prometheus-programs.js';
export { TestPrometheus } from './prometheus/test-prometheus.js';
export type { Sample, Series, Span } from './prometheus/test-prometheus.js';
export { startRedis } from './redis.js';
export type { RedisOptions, TestRedis } from './redis.js';
export { canStartRedisCluster, startRedisCluster } from './redis-cluster.js';
export type { TestRedisCluster } from './redis-cluster.js';
export { findBinary } from './servers/find-binary.js';
export { freePort, freePorts } from './servers/free-port.js';
export { GiveUp, waitUntil } from './servers/wait-until.js';
export { ServiceProcess } from './services/service-process.js';
