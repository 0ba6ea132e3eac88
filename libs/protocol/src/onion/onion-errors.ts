import { ProtocolError } from '../errors.js';
import { onionTexts } from './onion-texts.js';

/** A frame of docs/protocol/onion.md §3.1 that does not hold what its length prefix says. */
export class PayloadError extends Error {}

/** The entry's body cannot be read; answered in clear. `message` is the reason alone. */
export class OnionParseError extends ProtocolError {
  readonly reply = { status: 400, body: onionTexts.parseErrorPrefix + this.message };
}

/** A decrypted layer says nothing we understand; `reply` travels inside the encrypted reply. */
export class InvalidLayer extends ProtocolError {
  readonly reply = { status: 400, body: onionTexts.invalidJson };
}

/** A decrypted layer names a server we will not call; `reply` travels inside the encrypted reply. */
export class InvalidUrl extends ProtocolError {
  readonly reply = { status: 400, body: onionTexts.invalidUrl };
}

/** Another node sent a frame that cannot be read. `message` is the reason alone. */
export class InvalidHopFrame extends ProtocolError {
  readonly reply = { status: 400, body: onionTexts.internalErrorPrefix + this.message };
}

/** The hop counter ran out: a loop, or a path longer than any client builds. */
export class PathTooLong extends ProtocolError {
  readonly reply = { status: 400, body: onionTexts.pathTooLong };

  constructor() {
    super('hop counter above the limit');
  }
}

/** Client side: a key on the path cannot be used, so no request can be built. */
export class UnusableNodeKey extends Error {}

/** Client side: what came back does not decrypt, or does not hold a reply. */
export class UnreadableReply extends Error {}
