import { ClientError } from '../errors.js';

/** The stream did not open, or it has ended; what was asked for and not answered is lost. */
export class StreamEnded extends ClientError {
  constructor(reason: string) {
    super(`The stream to the node has ended: ${reason}.`);
  }
}

/** The node did not answer in time. */
export class StreamTimeout extends ClientError {
  constructor(command: string) {
    super(`The node did not answer ${command} in time.`);
  }
}

/** The node does not take the command at all. */
export class CommandRefused extends ClientError {
  constructor(
    command: string,
    readonly code: string,
  ) {
    super(`The node refuses ${command}: ${code}.`);
  }
}

/** The node does not tell us of new messages. */
export class SubscriptionRefused extends ClientError {
  constructor(
    /** docs/protocol/storage-rpc.md §10.3; 0 when the node has no room or does not serve. */
    readonly code: number,
    reason: string,
  ) {
    super(`The node refuses the subscription: ${reason.trim()}.`);
  }
}
