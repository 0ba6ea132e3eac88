import { randomBytes } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Registry } from 'prom-client';
import {
  decodeNodeStanding,
  decodeSnapshot,
  decodeStandingKnown,
  encodeNodeStanding,
  encodeRelayReport,
  encodeStandingQuestion,
  SUBJECTS,
  type NodeStanding,
  type RelayReport,
} from '#contracts';
import { Clock, readConfig } from '#platform';
import {
  encodeSignedList,
  makeNextList,
  noblePrimitives,
  NodeKey,
  signNetworkList,
  type NetworkList,
  type NetworkSnapshot,
  type StandingKnown,
} from '#protocol';
import { freePort, type TestNats } from '#testing';
import { SwarmManagerModule } from '../../../apps/swarm-manager/src/app.module.js';
import { StatusController } from '../../../apps/swarm-manager/src/status/status.controller.js';
import { SWARM_MANAGER_PREFIX, swarmManagerSchema } from '../../../apps/swarm-manager/src/swarm-manager.config.js';
import { BusServer } from '../../../libs/platform/src/bus/bus-server.js';
import { connectNats } from '../../../libs/platform/src/bus/nats-connection.js';
import { PassFaultsOn } from '../../../libs/platform/src/bus/pass-faults-on.js';
import { PlatformModule } from '../../../libs/platform/src/platform.module.js';
import { Readiness } from '../../../libs/platform/src/readiness.js';
import { MemoryLog } from '../memory-log.js';

export const nodeKey = (byte: number): NodeKey => NodeKey.fromSeed(new Uint8Array(32).fill(byte), noblePrimitives);
const ADMIN = nodeKey(0xad);
export const SELF = nodeKey(0x01);
const DAY_MS = 86_400_000;
const ASK_TIMEOUT_MS = 5_000;
/** Nobody listens there. */
const DEAD_PORT = 1;

/** A node as a list may have it: with a key alone its ports are made up, and nobody listens there. */
export type Listed = NodeKey | { readonly key: NodeKey; readonly httpsPort: number; readonly peerPort: number };

/** The folder of one node: its key, its state, and the list that it reads. */
export class NodeFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'swarm-manager-'));
  readonly list = join(this.path, 'network.json');
  #last: NetworkList | null = null;

  constructor() {
    writeFileSync(join(this.path, 'node.key'), Buffer.from(SELF.seed).toString('hex'), { mode: 0o600 });
  }

  /** The next list, with these nodes in it besides the ones before. Gives its text. */
  publish(added: readonly Listed[], signer: NodeKey = ADMIN): string {
    const nowMs = Date.now();
    const put = added.map((listed, index) => {
      const state = 'active' as const;
      if (!(listed instanceof NodeKey)) {
        const { key, ...ports } = listed;
        return { ed25519: key.id, ip: '127.0.0.1', ...ports, state };
      }
      const number = Number.parseInt(listed.id.slice(0, 4), 16) % 20_000;
      const ports = { httpsPort: 20_000 + 2 * number + index, peerPort: DEAD_PORT };
      return { ed25519: listed.id, ip: `127.0.0.${1 + (number % 200)}`, ...ports, state };
    });
    const list = makeNextList(
      noblePrimitives,
      this.#last,
      { put },
      {
        network: 'test',
        seed: randomBytes(32).toString('hex'),
        issuedMs: nowMs,
        expiresMs: nowMs + DAY_MS,
        swarms: 'compose',
      },
    );
    if (signer === ADMIN) this.#last = list;
    const { text } = list;
    const signed = encodeSignedList({
      listText: text,
      signatures: [signNetworkList(noblePrimitives, text, signer.ed25519)],
    });
    this.write(signed);
    return signed;
  }

  /** Never half of it. */
  write(text: string): void {
    writeFileSync(`${this.list}.next`, text);
    renameSync(`${this.list}.next`, this.list);
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}

/** A whole swarm-manager in this process, on a real NATS. */
export class SwarmManagerUnderTest {
  private constructor(
    readonly log: MemoryLog,
    readonly seedUrl: string,
    private readonly bus: NatsConnection,
    private readonly parts: {
      readonly metrics: () => Promise<string>;
      readonly readiness: Readiness;
      readonly status: StatusController;
      readonly stop: () => Promise<void>;
    },
  ) {}

  /** `clock` stands in for the system's. */
  static async start(nats: TestNats, folder: NodeFolder, clock?: Clock): Promise<SwarmManagerUnderTest> {
    const seedPort = await freePort();
    const config = readConfig(swarmManagerSchema, SWARM_MANAGER_PREFIX, {
      SWARM_MANAGER_KEY_FILE: join(folder.path, 'node.key'),
      SWARM_MANAGER_STATE_DIR: join(folder.path, 'state'),
      SWARM_MANAGER_NETWORK: 'test',
      SWARM_MANAGER_LIST: folder.list,
      SWARM_MANAGER_ADMINS: ADMIN.id,
      SWARM_MANAGER_LIST_POLL_MS: '250',
      SWARM_MANAGER_PING_INTERVAL_MS: '250',
      SWARM_MANAGER_SEED_PORT: String(seedPort),
    });
    const log = new MemoryLog();
    const connection = await connectNats({ url: nats.url, name: 'swarm-manager' });
    const imports = [PlatformModule.with({ config, log, connection }), SwarmManagerModule.with(config)];
    const builder = Test.createTestingModule({ imports });
    if (clock !== undefined) builder.overrideProvider(Clock).useValue(clock);
    const module = await builder.compile();
    const registry = module.get<Registry>(Registry);
    const strategy = new BusServer(connection, { queueGroup: 'swarm-manager', log, registry: module.get(Registry) });
    const app = module.createNestMicroservice({ strategy, logger: false });
    app.useGlobalFilters(new PassFaultsOn());
    try {
      await app.listen();
    } catch (cause) {
      await app.close();
      await connection.close();
      throw cause;
    }
    return new SwarmManagerUnderTest(log, `http://127.0.0.1:${seedPort}`, await connect({ servers: nats.url }), {
      metrics: () => registry.metrics(),
      readiness: app.get(Readiness),
      status: app.get(StatusController),
      stop: async () => {
        await app.close();
        await connection.close();
      },
    });
  }

  /** What the other services get when they ask; null before there is a list. */
  async current(): Promise<NetworkSnapshot | null> {
    const { data } = await this.bus.request(SUBJECTS.membershipCurrent, '', { timeout: ASK_TIMEOUT_MS });
    return data.length === 0 ? null : decodeSnapshot(data);
  }

  /** Heights that are published from now on. */
  heights(): number[] {
    const heard: number[] = [];
    this.bus.subscribe(SUBJECTS.membershipSnapshot, {
      callback: (_problem, message) => void heard.push(decodeSnapshot(message.data).height),
    });
    return heard;
  }

  /** As the relay passes it on: another node asks how it is seen. */
  async tell(from: NodeKey, instance: string): Promise<StandingKnown> {
    const question = encodeStandingQuestion({ from: from.id, instance });
    const { data } = await this.bus.request(SUBJECTS.standingAsk, question, { timeout: ASK_TIMEOUT_MS });
    return decodeStandingKnown(data);
  }

  /** Another swarm-manager on the same bus says that it is there. */
  async hearOf(instance: string): Promise<void> {
    const clock = { isTrusted: true, isRight: true, judgedAgoMs: null };
    this.bus.publish(SUBJECTS.standingNow, encodeNodeStanding({ instance, clock }));
    await this.bus.flush();
    await this.current(); // answered after that was heard
  }

  /** As a relay of the node does. */
  report(report: RelayReport): void {
    this.bus.publish(SUBJECTS.relayReport, encodeRelayReport(report));
  }

  /** What the other services of the node hear of it from now on. */
  standings(): NodeStanding[] {
    const heard: NodeStanding[] = [];
    this.bus.subscribe(SUBJECTS.standingNow, {
      callback: (_problem, message) => void heard.push(decodeNodeStanding(message.data)),
    });
    return heard;
  }

  metrics(): Promise<string> {
    return this.parts.metrics();
  }

  problems(): Readonly<Record<string, string>> {
    return this.parts.readiness.problems();
  }

  status(): ReturnType<StatusController['status']> {
    return this.parts.status.status();
  }

  async stop(): Promise<void> {
    await this.parts.stop();
    await this.bus.close();
  }
}
