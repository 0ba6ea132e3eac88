import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, Log } from '#platform';
import { Standing } from '../readiness/standing.js';
import type { RelayConfig } from '../relay.config.js';
import { AnswerWriter } from './http-answer.js';
import { PublicListener } from './public-listener.js';

/** Opens the public port when the service starts, and leaves it without breaking off a request. */
@Injectable()
export class PublicPort implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private port = 0;

  constructor(
    @Inject(PublicListener) private readonly listener: PublicListener,
    @Inject(AnswerWriter) private readonly writer: AnswerWriter,
    @Inject(Standing) private readonly standing: Standing,
    @Inject(CONFIG) private readonly config: RelayConfig,
    @Inject(Log) private readonly log: Log,
  ) {}

  /** The port in use, also where the system chose it. */
  get number(): number {
    return this.port;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { RELAY_HTTPS_HOST: host, RELAY_HTTPS_PORT: port } = this.config;
    this.port = await this.listener.listen(host, port);
    this.log.info('public_port_open', { port: this.port });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.standing.shutDown();
    this.writer.closeConnections();
    await this.listener.close(this.config.RELAY_DRAIN_MS);
  }
}
