export { startNats } from './nats.js';
export type { NatsAccount, NatsOptions, TestNats } from './nats.js';
export { startRedis } from './redis.js';
export type { RedisOptions, TestRedis } from './redis.js';
export { freePort, freePorts } from './servers/free-port.js';
export { waitUntil } from './servers/wait-until.js';
