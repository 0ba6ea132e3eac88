import { Inject, Injectable } from '@nestjs/common';
import type { CallCommand, CommandAnswer } from '#contracts';
import { bencode, parseForwardedCall, ProtocolError, toWire, type WireReply } from '#protocol';
import { SwarmRunner } from '../replication/swarm-runner.js';
import { MemberMethods } from '../sync/member-methods.js';
import { Dispatcher } from './dispatcher.js';
import { bencodeBody } from './reply-body.js';

export type ForwardedCall = Pick<CallCommand, 'method' | 'params'>;

/** What other members pass on for clients, or ask for themselves: answered in their encoding. */
@Injectable()
export class ForwardedCalls {
  constructor(
    @Inject(Dispatcher) private readonly dispatcher: Dispatcher,
    @Inject(SwarmRunner) private readonly swarm: SwarmRunner,
    @Inject(MemberMethods) private readonly members: MemberMethods,
  ) {}

  /**
   * A member's answer is bencoded on success, and in a 421; other refusals are text. Never rejects.
   * docs/protocol/storage-rpc.md §7.3
   */
  async answer({ method, params }: ForwardedCall, from: string): Promise<{ status: number; body: Uint8Array }> {
    try {
      const ownResult = await this.members.run(method, from, params);
      const result = ownResult ?? (await this.swarm.runForwarded(parseForwardedCall(method, params)));
      return { status: 200, body: bencode(result) };
    } catch (cause) {
      const refusal = cause instanceof ProtocolError ? cause.reply : this.#fault(cause);
      return { status: refusal.status, body: refusalBody(refusal) };
    }
  }

  /** Null when its time is over first: the commands that came with it are not to wait longer. */
  answerInTime(command: CallCommand, from: string): Promise<CommandAnswer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve(null), command.budgetMs);
      this.answer(command, from)
        .then(resolve, reject)
        .finally(() => clearTimeout(timer));
    });
  }

  #fault(cause: unknown): WireReply {
    this.dispatcher.refusal(cause, 'forwarded'); // for its log
    return toWire(cause);
  }
}

const refusalBody = ({ body }: WireReply): Uint8Array =>
  typeof body === 'string' ? Buffer.from(body, 'utf8') : bencodeBody(body);
