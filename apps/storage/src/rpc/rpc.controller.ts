import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  ContractSkew,
  decodeCommandCall,
  decodeRpcCall,
  encodeCommandAnswers,
  encodeRpcAnswer,
  SUBJECTS,
  type CommandAnswer,
} from '#contracts';
import { VersionWatch, type BusParts } from '#platform';
import { encodingOf, parseCall, parseClientCall, TEXTS, utf8, type CallEncoding, type RpcRequest } from '#protocol';
import { PageGate } from '../retrieve/page-gate.js';
import { Dispatcher } from './dispatcher.js';
import { encodeReply, longJsonOf } from './encode-reply.js';
import { ForwardedCalls, type ForwardedCall } from './forwarded-calls.js';
import { LongAnswer } from './long-answer.js';

const UNREADABLE = encodeRpcAnswer({ status: 503, kind: 'text', body: utf8(TEXTS.requestFailed) });

/** Calls from the relay: bytes in, bytes out. */
@Controller()
export class RpcController {
  constructor(
    @Inject(Dispatcher) private readonly dispatcher: Dispatcher,
    @Inject(ForwardedCalls) private readonly forwarded: ForwardedCalls,
    @Inject(PageGate) private readonly gate: PageGate,
    @Inject(VersionWatch) private readonly versions: VersionWatch,
  ) {}

  @MessagePattern(SUBJECTS.storageRpc)
  call(@Payload() frame: Uint8Array): Uint8Array | Promise<Uint8Array | BusParts> {
    const call = this.#read(() => decodeRpcCall(frame, this.versions.met));
    if (call === null) return UNREADABLE;
    const { source, method, from, body } = call;
    switch (source) {
      case 'client':
        return this.#direct(() => parseClientCall(body), 'json');
      case 'stream':
        return this.#direct(() => parseCall(method ?? '', body), encodingOf(body));
      case 'peer':
        return this.#single({ method: method ?? '', params: body }, from ?? '');
    }
  }

  @MessagePattern(SUBJECTS.storageCommands)
  async commands(@Payload() frame: Uint8Array): Promise<Uint8Array> {
    const call = this.#read(() => decodeCommandCall(frame, this.versions.met));
    if (call === null) return encodeCommandAnswers([]);
    const { commands, from } = call;
    const answers = commands.map((command) => this.forwarded.answerInTime(command, from));
    return encodeCommandAnswers(withinRoom(await Promise.all(answers)));
  }

  /** From a relay that hands commands over one by one. */
  async #single(call: ForwardedCall, from: string): Promise<Uint8Array> {
    return encodeRpcAnswer({ ...(await this.forwarded.answer(call, from)), kind: 'binary' });
  }

  /** Null for a relay of another age: it hears that it is not served, and the log names its version once. */
  #read<T>(decode: () => T): T | null {
    try {
      return decode();
    } catch (cause) {
      if (cause instanceof ContractSkew) return null;
      throw cause;
    }
  }

  async #direct(parse: () => RpcRequest, encoding: CallEncoding): Promise<Uint8Array | BusParts> {
    const pages = this.gate.forCall();
    let isLong = false;
    try {
      const reply = await this.dispatcher.run(parse(), pages);
      const long = encoding === 'json' ? longJsonOf(reply) : null;
      if (long === null) return encodeRpcAnswer(encodeReply(reply, encoding));
      isLong = true;
      return new LongAnswer(reply.status, long, () => pages.done());
    } catch (cause) {
      return encodeRpcAnswer(encodeReply(this.dispatcher.refusal(cause, 'envelope'), encoding));
    } finally {
      if (!isLong) pages.done();
    }
  }
}

/** What a member takes as the answer to one request, docs/protocol/peer.md §3.4; the commands beyond it may be sent again. */
const ANSWER_BYTES = 10 * 1024 * 1024;

function withinRoom(answers: readonly CommandAnswer[]): readonly CommandAnswer[] {
  let bytes = 0;
  return answers.map((answer) => {
    if (answer === null || bytes + answer.body.length > ANSWER_BYTES) return null;
    bytes += answer.body.length;
    return answer;
  });
}
