import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { decodeMonitorAsk, encodeMonitorAnswer, SUBJECTS, type MonitorAnswer } from '#contracts';
import { Clock, RedisUnavailable } from '#platform';
import {
  encodeMonitorRefusal,
  encodeMonitorReply,
  MonitorRefusal,
  parseMonitorCall,
  utf8,
  type MonitorCall,
} from '#protocol';
import { MailboxFull } from '../mailbox/mailboxes.js';
import { Monitor } from './monitor.js';

/** Calls that wait for their turn: one list may hold thousands of signatures, so there is one at a time. */
const MAX_WAITING = 500;

/** The words of docs/protocol/storage-rpc.md §1.3.4; the relay adds nothing to them. */
const BUSY: MonitorAnswer = { status: 503, reply: utf8('Server busy, try again later'), grants: [] };

/** Calls for subscriptions from the relay: bytes in, bytes out. */
@Controller()
export class MonitorController {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(
    @Inject(Monitor) private readonly monitor: Monitor,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @MessagePattern(SUBJECTS.storageMonitor)
  async call(@Payload() frame: Uint8Array): Promise<Uint8Array> {
    const { budgetMs, part } = decodeMonitorAsk(frame);
    return encodeMonitorAnswer(await this.#inTurn(budgetMs, () => this.#answer(part)));
  }

  /** Whoever gave up while waiting costs nothing any more. */
  async #inTurn(budgetMs: number, work: () => Promise<MonitorAnswer>): Promise<MonitorAnswer> {
    if (this.#waiting >= MAX_WAITING) return BUSY;
    const giveUpAt = this.clock.monotonicMs() + budgetMs;
    this.#waiting += 1;
    const turn = this.#last.then(() => (this.clock.monotonicMs() < giveUpAt ? work() : BUSY));
    this.#last = turn.catch(() => undefined); // its own caller hears of it
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }

  async #answer(part: Uint8Array): Promise<MonitorAnswer> {
    let call: MonitorCall;
    try {
      call = parseMonitorCall(part);
    } catch (cause) {
      if (!(cause instanceof MonitorRefusal)) throw cause;
      return { status: 200, reply: encodeMonitorRefusal(cause), grants: [] };
    }
    try {
      const { outcomes, grants } = await this.monitor.subscribe(call.dicts);
      return { status: 200, reply: encodeMonitorReply(call.isList, outcomes), grants };
    } catch (cause) {
      if (cause instanceof RedisUnavailable || cause instanceof MailboxFull) return BUSY;
      throw cause;
    }
  }
}
