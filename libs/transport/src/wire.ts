import { bdecode, bencode, InvalidBencode } from '#protocol';
import { PeerProtocolError, type PeerReply } from './peer-transport.js';

/** docs/protocol/peer.md §2 */
export const ROUTES = { onion: '/v1/onion', command: '/v1/command', ping: '/v1/ping' } as const;

/** Milliseconds that the sender still waits for its answer. */
export const BUDGET_HEADER = 'x-budget-ms';
/** On answers that the transport itself gives: `busy`, `fault`, `malformed`, `not-a-member`, `no-such-route`. */
export const FAILURE_HEADER = 'x-failure';

/** 10 MiB of request as clients may send it, and room for framing. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024 + 64 * 1024;
/** Commands in one request: enough to empty a burst, few enough for one answer. */
export const MAX_COMMANDS = 64;

export interface Command {
  readonly method: string;
  /** A bencoded dictionary. */
  readonly params: Uint8Array;
  readonly budgetMs: number;
}

const decoder = new TextDecoder('latin1');

export function encodeCommands(commands: readonly Command[]): Uint8Array {
  return bencode(commands.map(({ method, params, budgetMs }) => [method, params, Math.max(0, Math.floor(budgetMs))]));
}

/** Throws PeerProtocolError. */
export function decodeCommands(bytes: Uint8Array): Command[] {
  const commands = listOf(bytes).map((item) => {
    const [method, params, budgetMs] = Array.isArray(item) ? item : [];
    if (!(method instanceof Uint8Array) || !(params instanceof Uint8Array) || typeof budgetMs !== 'number') {
      throw new PeerProtocolError('a command is [method, parameters, budget]');
    }
    return { method: decoder.decode(method), params, budgetMs };
  });
  if (commands.length === 0 || commands.length > MAX_COMMANDS)
    throw new PeerProtocolError(`1 to ${MAX_COMMANDS} commands`);
  return commands;
}

export function encodeReplies(replies: readonly PeerReply[]): Uint8Array {
  return bencode(replies.map(({ status, body }) => [status, body]));
}

/** Throws PeerProtocolError. */
export function decodeReplies(bytes: Uint8Array): PeerReply[] {
  return listOf(bytes).map((item) => {
    const [status, body] = Array.isArray(item) ? item : [];
    if (typeof status !== 'number' || !(body instanceof Uint8Array))
      throw new PeerProtocolError('a reply is [status, body]');
    return { status, body };
  });
}

function listOf(bytes: Uint8Array): readonly unknown[] {
  try {
    const value = bdecode(bytes);
    if (Array.isArray(value)) return value;
  } catch (cause) {
    if (!(cause instanceof InvalidBencode)) throw cause;
  }
  throw new PeerProtocolError('not a bencoded list');
}
