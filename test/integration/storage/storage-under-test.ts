import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Test } from '@nestjs/testing';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Registry } from 'prom-client';
import {
  decodeCommandAnswers,
  decodeMonitorAnswer,
  decodeRpcAnswer,
  encodeCommandCall,
  encodeMonitorAsk,
  encodeNodeStanding,
  encodeRpcCall,
  encodeSnapshot,
  SUBJECTS,
  type CallCommand,
  type CommandAnswer,
  type MonitorAnswer,
  type NodeStanding,
  type RpcAnswer,
  type RpcCall,
} from '#contracts';
import { Clock, readConfig } from '#platform';
import type { NetworkSnapshot } from '#protocol';
import { startNats, startRedis, waitUntil, type TestNats, type TestRedis } from '#testing';
import { StorageModule } from '../../../apps/storage/src/app.module.js';
import { Audit } from '../../../apps/storage/src/audit/audit.js';
import { Mailboxes } from '../../../apps/storage/src/mailbox/mailboxes.js';
import { MemoryWatch } from '../../../apps/storage/src/mailbox/memory-watch.js';
import { SwarmView } from '../../../apps/storage/src/membership/swarm-view.js';
import { STORAGE_PREFIX, storageSchema } from '../../../apps/storage/src/storage.config.js';
import { BusServer } from '../../../libs/platform/src/bus/bus-server.js';
import { connectNats } from '../../../libs/platform/src/bus/nats-connection.js';
import { PassFaultsOn } from '../../../libs/platform/src/bus/pass-faults-on.js';
import { PlatformModule } from '../../../libs/platform/src/platform.module.js';
import { Readiness } from '../../../libs/platform/src/readiness.js';
import { MemoryLog } from '../memory-log.js';

const CALL_TIMEOUT_MS = 9_000;
const NEWS_TIMEOUT_MS = 10_000;

/** What a test module gives has any content type; ours is the plain one. */
type PlainRegistry = Registry;

/** A whole storage service in this process, on a Redis and a NATS of its own. */
export class StorageUnderTest {
  #snapshot: NetworkSnapshot | undefined;

  private constructor(
    readonly redis: TestRedis,
    readonly nats: TestNats,
    readonly log: MemoryLog,
    private readonly bus: NatsConnection,
    private readonly parts: {
      readonly view: SwarmView;
      readonly mailboxes: Mailboxes;
      readonly memory: MemoryWatch;
      readonly audit: Audit;
      readonly metrics: () => Promise<string>;
      readonly readiness: Readiness;
      readonly stop: () => Promise<void>;
    },
  ) {
    bus.subscribe(SUBJECTS.membershipCurrent, {
      callback: (_problem, message) => {
        message.respond(this.#snapshot === undefined ? new Uint8Array() : encodeSnapshot(this.#snapshot));
      },
    });
  }

  /**
   * `seed` is the node's Ed25519 seed, 64 hex digits; `clock` stands in for the system's. With `beside`: another replica,
   * on the servers of that one, to be stopped before it.
   */
  static async start(
    seed: string,
    env: Readonly<Record<string, string>> = {},
    clock?: Clock,
    beside?: StorageUnderTest,
  ): Promise<StorageUnderTest> {
    const [redis, nats] =
      beside === undefined ? await Promise.all([startRedis(), startNats()]) : [beside.redis, beside.nats];
    const directory = mkdtempSync(join(tmpdir(), 'storage-'));
    const keyFile = join(directory, 'key');
    writeFileSync(keyFile, seed, { mode: 0o600 });
    const given = { STORAGE_KEY_FILE: keyFile, STORAGE_REDIS_URL: redis.url, STORAGE_REPLICATION_MS: '500', ...env };
    const config = readConfig(storageSchema, STORAGE_PREFIX, given);
    const log = new MemoryLog();
    const connection = await connectNats({ url: nats.url, name: 'storage' });
    const imports = [PlatformModule.with({ config, log, connection }), StorageModule.with(config)];
    const builder = Test.createTestingModule({ imports });
    if (clock !== undefined) builder.overrideProvider(Clock).useValue(clock);
    const module = await builder.compile();
    const registry = module.get<PlainRegistry>(Registry);
    const app = module.createNestMicroservice({
      strategy: new BusServer(connection, { queueGroup: 'storage', log, registry }),
    });
    app.useGlobalFilters(new PassFaultsOn());
    await app.listen();
    const stop = async (): Promise<void> => {
      await app.close();
      await connection.close();
      rmSync(directory, { recursive: true });
    };
    const [view, readiness] = [app.get(SwarmView), app.get(Readiness)];
    const [mailboxes, memory] = [app.get<Mailboxes>(Mailboxes), app.get(MemoryWatch)];
    const audit = app.get(Audit);
    const metrics = (): Promise<string> => registry.metrics();
    return new StorageUnderTest(redis, nats, log, await connect({ servers: nats.url }), {
      view,
      mailboxes,
      memory,
      audit,
      metrics,
      readiness,
      stop: async () => {
        await stop();
        if (beside === undefined) await Promise.all([redis.stop(), nats.stop()]);
      },
    });
  }

  /** As the swarm-manager would; returns when the service has it. */
  async publish(snapshot: NetworkSnapshot): Promise<void> {
    this.#snapshot = snapshot;
    this.bus.publish(SUBJECTS.membershipSnapshot, encodeSnapshot(snapshot));
    await waitUntil('the snapshot', NEWS_TIMEOUT_MS, () => {
      if (this.parts.view.network?.snapshot.height !== snapshot.height) throw new Error('not yet');
    });
  }

  /** As the swarm-manager would. */
  tell(standing: NodeStanding): void {
    this.bus.publish(SUBJECTS.standingNow, encodeNodeStanding(standing));
  }

  /** As the relay would. */
  async send(call: Omit<RpcCall, 'budgetMs'>): Promise<RpcAnswer> {
    const frame = encodeRpcCall({ ...call, budgetMs: CALL_TIMEOUT_MS });
    return decodeRpcAnswer((await this.bus.request(SUBJECTS.storageRpc, frame, { timeout: CALL_TIMEOUT_MS })).data);
  }

  /** What another member passed on, as the relay hands it over: in one message. */
  async passOn(from: string, commands: readonly CallCommand[]): Promise<readonly CommandAnswer[]> {
    const frame = encodeCommandCall({ from, commands });
    const { data } = await this.bus.request(SUBJECTS.storageCommands, frame, { timeout: CALL_TIMEOUT_MS });
    return decodeCommandAnswers(data);
  }

  /** A client's call: status, and the JSON or text of the answer. */
  async call(method: string, params: object): Promise<{ status: number; body: unknown }> {
    const body = Buffer.from(JSON.stringify({ method, params }));
    const answer = await this.send({ source: 'client', method: null, body });
    const text = Buffer.from(answer.body).toString();
    return { status: answer.status, body: answer.kind === 'json' ? (JSON.parse(text) as unknown) : text };
  }

  /** Of the service itself, for what no request says. */
  get mailboxes(): Mailboxes {
    return this.parts.mailboxes;
  }

  get memory(): MemoryWatch {
    return this.parts.memory;
  }

  get audit(): Audit {
    return this.parts.audit;
  }

  /** Subscriptions, as the relay would ask for them. */
  async monitor(part: Uint8Array): Promise<MonitorAnswer> {
    const frame = encodeMonitorAsk({ budgetMs: CALL_TIMEOUT_MS, part });
    const { data } = await this.bus.request(SUBJECTS.storageMonitor, frame, { timeout: CALL_TIMEOUT_MS });
    return decodeMonitorAnswer(data);
  }

  /** Everything that is published under a subject from now on, wildcards included. */
  async listen(subject: string): Promise<{ readonly subject: string; readonly data: Uint8Array }[]> {
    const heard: { subject: string; data: Uint8Array }[] = [];
    this.bus.subscribe(subject, {
      callback: (_problem, message) => {
        heard.push({ subject: message.subject, data: message.data });
      },
    });
    await this.bus.flush();
    return heard;
  }

  metrics(): Promise<string> {
    return this.parts.metrics();
  }

  /** Why the service is not ready. */
  problems(): Readonly<Record<string, string>> {
    return this.parts.readiness.problems();
  }

  async stop(): Promise<void> {
    await this.bus.close();
    await this.parts.stop();
  }
}
