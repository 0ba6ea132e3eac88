import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test, type TestingModule } from '@nestjs/testing';
import { Registry } from 'prom-client';
import { Clock, readConfig } from '#platform';
import type { NatsAccount } from '#testing';
import { RelayModule } from '../../../apps/relay/src/app.module.js';
import { RELAY_LIMITS, relayLimits, type RelayLimits } from '../../../apps/relay/src/limits/budget.js';
import { PublicPort } from '../../../apps/relay/src/listener/public-port.js';
import { GuardedConnector } from '../../../apps/relay/src/outside/guarded-connector.js';
import { OwnAddresses } from '../../../apps/relay/src/outside/own-addresses.js';
import { PeerPort } from '../../../apps/relay/src/peer/peer-port.js';
import { Standing } from '../../../apps/relay/src/readiness/standing.js';
import { RELAY_PREFIX, relaySchema } from '../../../apps/relay/src/relay.config.js';
import { RelayReports } from '../../../apps/relay/src/reports/relay-reports.js';
import { STREAM_LIMITS, streamLimits, type StreamLimits } from '../../../apps/relay/src/stream/stream-limits.js';
import { connectNats } from '../../../libs/platform/src/bus/nats-connection.js';
import { PlatformModule } from '../../../libs/platform/src/platform.module.js';
import { MemoryLog } from '../memory-log.js';
import { NodeStub } from './node-stub.js';

export interface RelayOptions {
  /** Ed25519 seed, 64 hex digits. */
  readonly seed: string;
  readonly natsUrl: string;
  readonly account: NatsAccount;
  readonly limits?: Partial<RelayLimits>;
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of the one that resolves names through DNS; given the addresses that are this relay's own. */
  readonly connector?: (own: OwnAddresses) => GuardedConnector;
  /** Instead of the system's. */
  readonly clock?: Clock;
  /** Instead of the one that only follows the membership. */
  readonly standing?: Standing;
  readonly streamLimits?: Partial<StreamLimits>;
}

/** A whole relay in this process: real ports, real bus, its own directory. */
export class RelayUnderTest {
  private constructor(
    private readonly module: TestingModule,
    readonly log: MemoryLog,
    /** Storage and swarm-manager of the same node. */
    readonly node: NodeStub,
    private readonly cleanUp: () => Promise<void>,
  ) {}

  static async start(options: RelayOptions): Promise<RelayUnderTest> {
    const directory = mkdtempSync(join(tmpdir(), 'relay-'));
    const keyFile = join(directory, 'key');
    writeFileSync(keyFile, options.seed, { mode: 0o600 });
    const { user, password } = options.account;
    const env = {
      RELAY_KEY_FILE: keyFile,
      RELAY_STATE_DIR: directory,
      RELAY_HTTPS_HOST: '127.0.0.1',
      RELAY_HTTPS_PORT: '0',
      RELAY_PEER_HOST: '127.0.0.1',
      RELAY_PEER_PORT: '0',
      RELAY_DRAIN_MS: '2000',
      ...options.env,
    };
    const config = readConfig(relaySchema, RELAY_PREFIX, env);
    const log = new MemoryLog();
    const connection = await connectNats({ url: options.natsUrl, user, password, name: 'relay' });
    const builder = Test.createTestingModule({
      imports: [PlatformModule.with({ config, log, connection }), RelayModule.create()],
    });
    builder.overrideProvider(RELAY_LIMITS).useValue({ ...relayLimits, ...options.limits });
    const { connector, clock, standing } = options;
    if (connector !== undefined) {
      builder.overrideProvider(GuardedConnector).useFactory({ factory: connector, inject: [OwnAddresses] });
    }
    if (clock !== undefined) builder.overrideProvider(Clock).useValue(clock);
    if (standing !== undefined) builder.overrideProvider(Standing).useValue(standing);
    builder.overrideProvider(STREAM_LIMITS).useValue({ ...streamLimits, ...options.streamLimits });
    const module = await builder.compile();
    await module.init();
    const node = await NodeStub.connect(options.natsUrl, options.account);
    return new RelayUnderTest(module, log, node, async () => {
      await connection.close();
      rmSync(directory, { recursive: true });
    });
  }

  get httpsPort(): number {
    return this.module.get(PublicPort).number;
  }

  get peerPort(): number {
    return this.module.get(PeerPort).number;
  }

  get reports(): RelayReports {
    return this.module.get(RelayReports);
  }

  get standing(): Standing {
    return this.module.get(Standing);
  }

  metrics(): Promise<string> {
    return this.module.get(Registry).metrics();
  }

  /** As a signal would: drains, then closes everything. */
  async stop(): Promise<void> {
    await this.module.close();
    await this.node.close();
    await this.cleanUp();
  }
}
