import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  CONFIG,
  Clock,
  ConfigError,
  Log,
  TlsFollower,
  loadOrCreateTlsPair,
  onReload,
  readTlsPair,
  tlsPathsIn,
  tlsProblem,
  type TlsPair,
  type TlsPaths,
} from '#platform';
import type { RelayConfig } from '../relay.config.js';

/** A certificate is renewed days before it ends; a look at two small files is nothing. */
const LOOK_EVERY_MS = 10_000;

/** The certificate of the public port, and whatever replaces it while we run. */
@Injectable()
export class PublicTls implements OnApplicationBootstrap, OnApplicationShutdown {
  /** The pair at the start. Throws ConfigError when there is none. */
  readonly pair: TlsPair;
  /** Told of each pair that takes the place of the one before. */
  onChange: (pair: TlsPair) => void = () => undefined;
  private readonly follower: TlsFollower;
  private timer: NodeJS.Timeout | undefined;
  private endReload = (): void => undefined;

  constructor(@Inject(CONFIG) config: RelayConfig, @Inject(Clock) clock: Clock, @Inject(Log) log: Log) {
    const paths = givenPaths(config);
    this.pair =
      paths === null ? loadOrCreateTlsPair(config.RELAY_STATE_DIR, 'RELAY_STATE_DIR', clock.now()) : givenPair(paths);
    this.follower = new TlsFollower(paths ?? tlsPathsIn(config.RELAY_STATE_DIR), this.pair, {
      changed: (pair) => {
        this.onChange(pair);
        log.info('certificate_changed');
      },
      refused: (reason) => log.warn('certificate_refused', { reason }),
    });
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.follower.look({ isAsked: false }), LOOK_EVERY_MS).unref();
    this.endReload = onReload(() => this.follower.look({ isAsked: true }));
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.endReload();
  }
}

function givenPaths({ RELAY_TLS_CERT_FILE: certFile, RELAY_TLS_KEY_FILE: keyFile }: RelayConfig): TlsPaths | null {
  if (certFile === undefined && keyFile === undefined) return null;
  if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
  throw new ConfigError(['RELAY_TLS_CERT_FILE, RELAY_TLS_KEY_FILE: only one of them is set; set both, or neither']);
}

function givenPair(paths: TlsPaths): TlsPair {
  try {
    return readTlsPair(paths);
  } catch (cause) {
    throw new ConfigError([
      `RELAY_TLS_CERT_FILE, RELAY_TLS_KEY_FILE: they hold no pair that can be used (${tlsProblem(cause)}); correct them, or leave both out`,
    ]);
  }
}
