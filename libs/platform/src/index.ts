export { Bus, BusFault, BusTimeout, BusUnavailable } from './bus/bus.js';
export { PART_BYTES } from './bus/long-reply.js';
export type { BusParts } from './bus/long-reply.js';
export { connectNats } from './bus/nats-connection.js';
export { VersionWatch } from './version-watch.js';
export type { WatchedVersions } from './version-watch.js';
export { RetainedFeed } from './bus/retained-feed.js';
export { Clock, SystemClock } from './clock.js';
export { ConfigError } from './config/config-error.js';
export { describeSettings } from './config/describe-settings.js';
export type { SettingDescription } from './config/describe-settings.js';
export { readConfig } from './config/read-config.js';
export { adminSettings, commonSettings } from './config/common-settings.js';
export { caSetting, mustAskForPassword } from './config/server-access.js';
export {
  flagSetting,
  hostSetting,
  listSetting,
  numberSetting,
  orFile,
  portSetting,
  secret,
  versionSetting,
} from './config/settings.js';
export { sourceOf } from './address/source-of.js';
export { readDoorHeader, writeDoorHeader } from './door/door-header.js';
export { DoorHeaders } from './door/door-headers.js';
export { KeyFileError, loadSeedFile } from './key-file.js';
export { Rounds } from './lifecycle/rounds.js';
export { runService } from './lifecycle/run-service.js';
export type { ServiceDefinition } from './lifecycle/run-service.js';
export { ServiceUnreachable, StartRefused } from './lifecycle/start-problem.js';
export { listenOn } from './listen-on.js';
export { faultFields } from './log/fault-fields.js';
export { Log } from './log/log.js';
export type { LogFields } from './log/log.js';
export { ownVersion } from './own-version.js';
export { Readiness } from './readiness.js';
export { LuaScript } from './redis/lua-script.js';
export type { LuaArgument } from './redis/script-command.js';
export { mastersOf } from './redis/redis-client.js';
export type { RedisClient } from './redis/redis-client.js';
export { RedisContents } from './redis/redis-contents.js';
export type { Companions, StoredKey, StoredKind } from './redis/redis-contents.js';
export { askRedis, redisFacts } from './redis/redis-facts.js';
export type { RedisFacts } from './redis/redis-facts.js';
export { connectRedis, connectRedisCluster } from './redis/redis-connection.js';
export { makeFolder } from './make-folder.js';
export { memoryLimitBytes } from './memory-limit.js';
export { onReload } from './reload.js';
export { asRedisProblem, RedisUnavailable } from './redis/redis-unavailable.js';
export { ed25519Certificate } from './tls/certificate.js';
export type { TlsPair } from './tls/certificate.js';
export { HandshakeGate } from './tls/handshake-gate.js';
export { OpenConnections } from './tls/open-connections.js';
export { loadOrCreateTlsPair, readTlsPair, tlsPathsIn, tlsProblem } from './tls/tls-files.js';
export type { TlsPaths } from './tls/tls-files.js';
export { TlsFollower } from './tls/tls-follower.js';
export { stopAccepting } from './stop-accepting.js';
export { endedWithin } from './within.js';
export { freeSpentBuffers } from './spent-buffers.js';
export { ByteRoom } from './byte-room.js';
export { CONFIG, PRIMITIVES } from './tokens.js';
export { nativePrimitives } from './crypto/native-primitives.js';
export { CryptoSelfTestError } from './crypto/self-test.js';
