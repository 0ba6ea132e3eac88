import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { decodeRpcCall, encodeRpcAnswer, SUBJECTS } from '#contracts';
import type { BusParts } from '#platform';
import {
  bencode,
  encodingOf,
  parseCall,
  parseClientCall,
  parseForwardedCall,
  ProtocolError,
  toWire,
  type CallEncoding,
  type RpcRequest,
  type WireReply,
} from '#protocol';
import { SwarmRunner } from '../replication/swarm-runner.js';
import { PageGate } from '../retrieve/page-gate.js';
import { MemberMethods } from '../sync/member-methods.js';
import { Dispatcher } from './dispatcher.js';
import { encodeReply, longJsonOf } from './encode-reply.js';
import { LongAnswer } from './long-answer.js';
import { bencodeBody } from './reply-body.js';

/** Calls from the relay: bytes in, bytes out. */
@Controller()
export class RpcController {
  constructor(
    @Inject(Dispatcher) private readonly dispatcher: Dispatcher,
    @Inject(SwarmRunner) private readonly swarm: SwarmRunner,
    @Inject(MemberMethods) private readonly members: MemberMethods,
    @Inject(PageGate) private readonly gate: PageGate,
  ) {}

  @MessagePattern(SUBJECTS.storageRpc)
  call(@Payload() frame: Uint8Array): Promise<Uint8Array | BusParts> {
    const { source, method, from, body } = decodeRpcCall(frame);
    switch (source) {
      case 'client':
        return this.#direct(() => parseClientCall(body), 'json');
      case 'stream':
        return this.#direct(() => parseCall(method ?? '', body), encodingOf(body));
      case 'peer':
        return this.#forwarded(method ?? '', from ?? '', body);
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

  /** A member's answer is bencoded on success, and in a 421; other refusals are text. docs/protocol/storage-rpc.md §7.3 */
  async #forwarded(method: string, from: string, params: Uint8Array): Promise<Uint8Array> {
    try {
      const ownResult = await this.members.run(method, from, params);
      const result = ownResult ?? (await this.swarm.runForwarded(parseForwardedCall(method, params)));
      return encodeRpcAnswer({ status: 200, kind: 'binary', body: bencode(result) });
    } catch (cause) {
      const refusal = cause instanceof ProtocolError ? cause.reply : this.#fault(cause);
      return encodeRpcAnswer({ status: refusal.status, kind: 'binary', body: refusalBody(refusal) });
    }
  }

  #fault(cause: unknown): WireReply {
    this.dispatcher.refusal(cause, 'forwarded'); // for its log
    return toWire(cause);
  }
}

const refusalBody = ({ body }: WireReply): Uint8Array =>
  typeof body === 'string' ? Buffer.from(body, 'utf8') : bencodeBody(body);
