import type { JsonObject } from './json.js';
import { TEXTS } from './texts.js';

/** A status and what goes with it: text is sent as it stands, an object as JSON. */
export interface WireReply {
  readonly status: number;
  readonly body: string | JsonObject;
}

/** A refusal the protocol has words for. Anything else that is thrown is a fault of this node. */
export abstract class ProtocolError extends Error {
  abstract readonly reply: WireReply;
}

export class BadRequest extends ProtocolError {
  readonly reply: WireReply = { status: 400, body: this.message };
}

/** A request whose fields cannot be read; `problem` is one of docs/protocol/storage-rpc.md §2. */
export class InvalidRequest extends BadRequest {
  constructor(problem: string) {
    super(TEXTS.invalidRequest(problem));
  }
}

export class Unauthorized extends ProtocolError {
  readonly reply: WireReply = { status: 401, body: this.message };
}

export class Forbidden extends ProtocolError {
  readonly reply: WireReply = { status: 403, body: this.message };
}

/** A time of the request is too far from ours. Clients take the status as "your clock is wrong". */
export class ClockSkew extends ProtocolError {
  readonly reply: WireReply = { status: 406, body: this.message };
}

/** No place for this request now; it may be tried again. docs/protocol/storage-rpc.md §1.1.4 */
export class Overloaded extends ProtocolError {
  readonly reply: WireReply = { status: 503, body: TEXTS.busy };
}

/** The members in the body are how a client with an old swarm list finds its way back. */
export class WrongSwarm extends ProtocolError {
  readonly reply: WireReply;

  constructor(members: JsonObject) {
    super('account belongs to another swarm');
    this.reply = { status: 421, body: members };
  }
}

/** What the wire says of anything that was thrown; a fault shows nothing of its cause. */
export function toWire(cause: unknown): WireReply {
  return cause instanceof ProtocolError ? cause.reply : { status: 500, body: TEXTS.requestFailed };
}
