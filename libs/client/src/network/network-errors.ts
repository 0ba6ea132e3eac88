import { ClientError } from '../errors.js';

/** The seed did not answer, or not with HTTP 200. */
export class SeedUnreachable extends ClientError {
  constructor(seed: string, reason: string) {
    super(`The seed ${seed} cannot be reached: ${reason}.`);
  }
}

/** The seed answered with something that is not a list of nodes. */
export class SeedAnswerInvalid extends ClientError {
  constructor(seed: string, problem: string) {
    super(`The answer of the seed ${seed} is not a usable list of nodes: ${problem}.`);
  }
}

/** The certificate of the seed is not the one that was expected. */
export class SeedNotTrusted extends ClientError {
  constructor(seed: string) {
    super(`The seed ${seed} shows another certificate than the one that is known for it.`);
  }
}

/** There are not enough nodes, or not enough usable ones, for a path and a destination. */
export class NetworkTooSmall extends ClientError {
  constructor(have: number, need: number) {
    super(`The network is too small: ${have} usable nodes, and a request needs at least ${need}.`);
  }
}

/** The nodes share too few /24 networks for a path of distinct ones. */
export class SubnetsTooFew extends ClientError {
  constructor() {
    super('The nodes are in too few /24 networks for a path; for a private network on one machine set singleHost.');
  }
}

/** Every path that was tried failed on the way. */
export class NoPathWorked extends ClientError {
  constructor(tried: number, lastReason: string) {
    super(`No path through the network worked: ${tried} tried, the last failed with "${lastReason}".`);
  }
}

/** The node that should have answered is gone, unreachable, not ready or answers nonsense. */
export class DestinationFailed extends ClientError {
  constructor(
    readonly nodeId: string,
    reason: string,
  ) {
    super(`A node did not do what it was asked for: ${reason}.`);
  }
}

/** The node refused the request itself; asking another one is of no use. */
export class RequestRefused extends ClientError {
  constructor(status: number, text: string) {
    super(`The network refused the request with status ${status}: ${text}.`);
  }
}

/** Nodes measured that our clock is wrong, and correcting it by theirs did not help. */
export class ClockOutOfSync extends ClientError {
  constructor() {
    super('The clock of this machine and that of the network differ too much; set the clock right.');
  }
}

/** No node could say which nodes keep the messages of an account. */
export class SwarmUnknown extends ClientError {
  constructor(reason: string) {
    super(`The nodes that keep messages for this account could not be found: ${reason}.`);
  }
}

/** No attempt to store a message was confirmed; it may still have been kept, sending it again does no harm. */
export class NotStored extends ClientError {
  constructor(attempts: number, reason: string) {
    super(`The message was not stored in ${attempts} attempts, the last one failed: ${reason}.`);
  }
}

/** None of the nodes asked gave the stored messages. */
export class PollFailed extends ClientError {
  constructor(reason: string) {
    super(`No node gave the stored messages: ${reason}.`);
  }
}

/** What people understand, for what the system says. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'the connection was refused'],
  ['ECONNRESET', 'the connection was closed'],
  ['ENOTFOUND', 'its name is not known'],
  ['EAI_AGAIN', 'its name cannot be looked up now'],
  ['UND_ERR_CONNECT_TIMEOUT', 'no connection in time'],
  ['UND_ERR_SOCKET', 'the connection was closed'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is signed by nobody'],
  ['TimeoutError', 'no answer in time'],
]);

/** What went wrong, without the full stop: for use inside the sentence of another error. */
export function reasonOf(cause: unknown): string {
  const { code, name, message } = (cause ?? {}) as { code?: unknown; name?: unknown; message?: unknown };
  for (const key of [code, name]) {
    const words = typeof key === 'string' ? WORDS.get(key) : undefined;
    if (words !== undefined) return words;
  }
  return (typeof message === 'string' ? message : String(cause)).replace(/\.$/, '');
}
