import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { decodeRpcCall, encodeRpcAnswer, SUBJECTS, type RpcAnswer, type RpcCall } from '#contracts';
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
import { Dispatcher } from './dispatcher.js';
import { encodeReply } from './encode-reply.js';
import { bencodeBody } from './reply-body.js';

/** Calls from the relay: bytes in, bytes out. */
@Controller()
export class RpcController {
  constructor(
    @Inject(Dispatcher) private readonly dispatcher: Dispatcher,
    @Inject(SwarmRunner) private readonly swarm: SwarmRunner,
  ) {}

  @MessagePattern(SUBJECTS.storageRpc)
  async call(@Payload() frame: Uint8Array): Promise<Uint8Array> {
    return encodeRpcAnswer(await this.#answer(decodeRpcCall(frame)));
  }

  #answer({ source, method, body }: RpcCall): Promise<RpcAnswer> {
    switch (source) {
      case 'client':
        return this.#direct(() => parseClientCall(body), 'json');
      case 'stream':
        return this.#direct(() => parseCall(method ?? '', body), encodingOf(body));
      case 'peer':
        return this.#forwarded(method ?? '', body);
    }
  }

  async #direct(parse: () => RpcRequest, encoding: CallEncoding): Promise<RpcAnswer> {
    try {
      return encodeReply(await this.dispatcher.run(parse()), encoding);
    } catch (cause) {
      return encodeReply(this.dispatcher.refusal(cause, 'envelope'), encoding);
    }
  }

  /** A member's answer is bencoded on success, and in a 421; other refusals are text. docs/protocol/storage-rpc.md §7.3 */
  async #forwarded(method: string, params: Uint8Array): Promise<RpcAnswer> {
    try {
      const result = await this.swarm.runForwarded(parseForwardedCall(method, params));
      return { status: 200, kind: 'binary', body: bencode(result) };
    } catch (cause) {
      const refusal = cause instanceof ProtocolError ? cause.reply : this.#fault(cause);
      return { status: refusal.status, kind: 'binary', body: refusalBody(refusal) };
    }
  }

  #fault(cause: unknown): WireReply {
    this.dispatcher.refusal(cause, 'forwarded'); // for its log
    return toWire(cause);
  }
}

const refusalBody = ({ body }: WireReply): Uint8Array =>
  typeof body === 'string' ? Buffer.from(body, 'utf8') : bencodeBody(body);
