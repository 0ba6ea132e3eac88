import { Inject, Injectable } from '@nestjs/common';
import {
  ContractSkew,
  SUBJECTS,
  decodeCommandAnswers,
  decodeMonitorAnswer,
  decodeRpcAnswer,
  encodeCommandCall,
  encodeMonitorAsk,
  encodeRpcCall,
  type CallCommand,
  type CommandAnswer,
  type MonitorAnswer,
  type RpcAnswer,
  type RpcSource,
} from '#contracts';
import { Bus, BusFault, BusTimeout, BusUnavailable, VersionWatch } from '#platform';
import { TEXTS, utf8 } from '#protocol';
import { Line } from '../bandwidth/line.js';
import { LARGE_BYTES } from '../limits/load.js';
import { RelayMetrics } from '../relay.metrics.js';

/** Storage did not answer, being not there, cut off, full, or too slow; or there is no room on the line for its answer. */
export class StorageUnavailable extends Error {}

/** docs/protocol/storage-rpc.md §1.1, last step; why it failed stands in storage's own log. */
const FAILED: RpcAnswer = { status: 500, kind: 'text', body: utf8(TEXTS.requestFailed) };
/** Parts of a member's time: storage answers within the first, and is not waited for beyond the second. */
const STORAGE_SHARE = 0.9;
const WAIT_SHARE = 0.95;

const MONITOR_FAILED: MonitorAnswer = { status: FAILED.status, reply: FAILED.body, grants: [] };

/** The storage replicas of this node, over the bus. */
@Injectable()
export class StorageRpc {
  constructor(
    @Inject(Bus) private readonly bus: Bus,
    @Inject(VersionWatch) private readonly versions: VersionWatch,
    @Inject(Line) private readonly line: Line,
    @Inject(RelayMetrics) private readonly metrics: RelayMetrics,
  ) {}

  /** A client's request, a JSON envelope as it was received. Throws StorageUnavailable. */
  client(envelope: Uint8Array, budgetMs: number): Promise<RpcAnswer> {
    return this.call('client', null, envelope, budgetMs);
  }

  /**
   * What another node asks in one request; parameters as it sent them, `from` as its certificate says. Null for each that
   * storage did not answer in its time.
   */
  async peer(commands: readonly CallCommand[], from: string): Promise<readonly CommandAnswer[]> {
    if (commands.length === 0) return [];
    const shortened = commands.map((command) => ({ ...command, budgetMs: command.budgetMs * STORAGE_SHARE }));
    const frame = encodeCommandCall({ from, commands: shortened });
    const timeoutMs = Math.max(...commands.map(({ budgetMs }) => budgetMs)) * WAIT_SHARE;
    try {
      return await this.translated(
        async () => {
          const answer = await this.bus.request(SUBJECTS.storageCommands, frame, { timeoutMs });
          return decodeCommandAnswers(answer, this.versions.met);
        },
        commands.map(() => FAILED),
      );
    } catch (cause) {
      if (cause instanceof StorageUnavailable) return commands.map(() => null);
      throw cause;
    }
  }

  /** A client's request on a stream; parameters as it sent them, JSON or bencoded. Throws StorageUnavailable. */
  stream(method: string, params: Uint8Array, budgetMs: number): Promise<RpcAnswer> {
    return this.call('stream', method, params, budgetMs);
  }

  /** Subscriptions that a client asks for, bencoded as it sent them. Throws StorageUnavailable. */
  async monitor(part: Uint8Array, budgetMs: number): Promise<MonitorAnswer> {
    const frame = encodeMonitorAsk({ budgetMs, part });
    return this.translated(async () => {
      return decodeMonitorAnswer(await this.bus.request(SUBJECTS.storageMonitor, frame, { timeoutMs: budgetMs }));
    }, MONITOR_FAILED);
  }

  private async call(source: RpcSource, method: string | null, body: Uint8Array, budgetMs: number): Promise<RpcAnswer> {
    if (budgetMs <= 0) throw new StorageUnavailable('no time left');
    const frame = encodeRpcCall({ source, budgetMs, method, body });
    const answer = await this.translated(async () => {
      const reply = await this.bus.request(SUBJECTS.storageRpc, frame, { timeoutMs: budgetMs });
      return decodeRpcAnswer(reply, this.versions.met);
    }, FAILED);
    return this.ifItMayLeave(answer);
  }

  /** A page of messages is a file to the line, though a small request asked for it; nothing of it has moved yet. */
  private ifItMayLeave(answer: RpcAnswer): RpcAnswer {
    if (answer.body.length <= LARGE_BYTES || this.line.admits(answer.body.length)) return answer;
    this.metrics.refused('bandwidth');
    throw new StorageUnavailable('no bandwidth');
  }

  private async translated<T>(ask: () => Promise<T>, failed: T): Promise<T> {
    try {
      return await ask();
    } catch (cause) {
      if (cause instanceof BusFault) return failed;
      const isAway = cause instanceof BusTimeout || cause instanceof BusUnavailable || cause instanceof ContractSkew;
      if (isAway) throw new StorageUnavailable(cause.name);
      throw cause;
    }
  }
}
