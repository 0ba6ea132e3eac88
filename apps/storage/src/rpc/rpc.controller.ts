import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { decodeRpcCall, encodeRpcAnswer, SUBJECTS, type RpcAnswer, type RpcCall } from '#contracts';
import { bencode, parseClientCall, parseForwardedCall, ProtocolError, type WireReply } from '#protocol';
import { bencodeBody } from '../replication/node-result.js';
import { SwarmRunner } from '../replication/swarm-runner.js';
import { Dispatcher } from './dispatcher.js';
import type { RpcReply } from './rpc-handler.js';

/** Calls from the relay: bytes in, bytes out. */
@Controller()
export class RpcController {
  constructor(
    @Inject(Dispatcher) private readonly dispatcher: Dispatcher,
    @Inject(SwarmRunner) private readonly swarm: SwarmRunner,
  ) {}

  @MessagePattern(SUBJECTS.storageRpc)
  async call(@Payload() frame: Uint8Array): Promise<Uint8Array> {
    const call = decodeRpcCall(frame);
    return encodeRpcAnswer(call.source === 'client' ? await this.#client(call) : await this.#peer(call));
  }

  async #client({ body }: RpcCall): Promise<RpcAnswer> {
    let reply: RpcReply;
    try {
      reply = await this.dispatcher.run(parseClientCall(body));
    } catch (cause) {
      reply = this.dispatcher.refusal(cause, 'envelope');
    }
    return { status: reply.status, kind: reply.kind, body: Buffer.from(reply.text, 'utf8') };
  }

  /** A member's answer is bencoded on success, and in a 421; other refusals are text. docs/protocol/storage-rpc.md §7.3 */
  async #peer({ method, body }: RpcCall): Promise<RpcAnswer> {
    try {
      const result = await this.swarm.runForwarded(parseForwardedCall(method ?? '', body));
      return { status: 200, kind: 'binary', body: bencode(result) };
    } catch (cause) {
      const refusal = cause instanceof ProtocolError ? cause.reply : this.#fault(cause);
      return { status: refusal.status, kind: 'binary', body: refusalBody(refusal) };
    }
  }

  #fault(cause: unknown): WireReply {
    const { status, text } = this.dispatcher.refusal(cause, 'forwarded');
    return { status, body: text };
  }
}

const refusalBody = ({ body }: WireReply): Uint8Array =>
  typeof body === 'string' ? Buffer.from(body, 'utf8') : bencodeBody(body);
