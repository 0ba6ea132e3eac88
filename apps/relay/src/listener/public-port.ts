import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, Log, endedWithin } from '#platform';
import { Standing } from '../readiness/standing.js';
import type { RelayConfig } from '../relay.config.js';
import { AnswerWriter } from './http-answer.js';
import { PublicListener } from './public-listener.js';

/** The end of a drain, in which requests at work may still finish and new ones hear why they are refused. */
const LAST_WORDS_MS = 500;

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

  /**
   * Whoever is connected still gets a real answer, the last one of its connection. Only when the time is nearly over
   * what comes is refused, so that nobody is cut off without a word. docs/protocol/storage-rpc.md §1.1.9
   */
  async beforeApplicationShutdown(): Promise<void> {
    const { RELAY_DRAIN_MS: drainMs } = this.config;
    const lastWordsMs = Math.min(LAST_WORDS_MS, drainMs / 2);
    this.standing.leave();
    this.writer.closeConnections();
    const ended = this.listener.stopAccepting();
    this.log.info('public_port_draining', { port: this.port });
    if (await endedWithin(ended, drainMs - lastWordsMs)) return;
    this.standing.shutDown();
    this.listener.closeIdle();
    this.log.info('public_port_refusing', { port: this.port });
    if (await endedWithin(ended, lastWordsMs)) return;
    this.listener.cut();
    await ended;
  }
}
