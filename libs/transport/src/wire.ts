import { bdecode, bencode, InvalidBencode } from '#protocol';
import { PeerProtocolError, type PeerReply } from './peer-transport.js';

/** docs/protocol/peer.md §3.1 */
export const ROUTES = {
  onion: '/v1/onion',
  command: '/v1/command',
  ping: '/v1/ping',
  standing: '/v1/standing',
} as const;

/** Milliseconds that the sender still waits for its answer. docs/protocol/peer.md §4.1 */
export const BUDGET_HEADER = 'x-budget-ms';

/** 10 MiB of request as clients may send it, and room for framing. docs/protocol/peer.md §3.4 */
export const MAX_BODY_BYTES = 10 * 1024 * 1024 + 64 * 1024;
/** Commands in one request: enough to empty a burst, few enough for one answer. docs/protocol/peer.md §3.6 */
export const MAX_COMMANDS = 64;

/** A list of as many commands, each a list of three; replies have fewer. docs/protocol/peer.md §3.6 */
const MAX_VALUES = 1 + 4 * MAX_COMMANDS;

/** The longest that a node may ask another to work for it. docs/protocol/onion.md §6.6 */
export const MAX_BUDGET_MS = 30_000;

export const PONG = Buffer.from('pong');

export interface Command {
  readonly method: string;
  /** A bencoded dictionary. */
  readonly params: Uint8Array;
  readonly budgetMs: number;
}

const decoder = new TextDecoder('latin1');

export const bytesOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, { length }) => sum + length, 0);

/** In parts, which are joined where they are sent: the same parameters go to every member of a swarm. */
export function encodeCommands(commands: readonly Command[]): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  let head = 'l';
  for (const { method, params, budgetMs } of commands) {
    head += `l${method.length}:${method}${params.length}:`;
    parts.push(Buffer.from(head, 'latin1'), params);
    head = `i${Math.max(0, Math.floor(budgetMs))}ee`;
  }
  parts.push(Buffer.from(`${head}e`, 'latin1'));
  return parts;
}

/** Parameters are views into `bytes`; a budget is cut to the longest. Throws PeerProtocolError. */
export function decodeCommands(bytes: Uint8Array): Command[] {
  const commands = listIn(bytes).map((item) => {
    const [method, params, budgetMs] = partsOf(item);
    if (!(method instanceof Uint8Array) || !(params instanceof Uint8Array) || !isBudget(budgetMs)) {
      throw new PeerProtocolError('a command is [method, parameters, budget]');
    }
    return { method: decoder.decode(method), params, budgetMs: Math.min(budgetMs, MAX_BUDGET_MS) };
  });
  if (commands.length > 0 && commands.length <= MAX_COMMANDS) return commands;
  throw new PeerProtocolError(`a request holds 1 to ${MAX_COMMANDS} commands`);
}

export function encodeReplies(replies: readonly PeerReply[]): Uint8Array {
  return bencode(replies.map(({ status, body }) => [status, body]));
}

/** Bodies are views into `bytes`. Throws PeerProtocolError. */
export function decodeReplies(bytes: Uint8Array): PeerReply[] {
  return listIn(bytes).map(replyOf);
}

/** The bytes before and after the body of one reply, `[status, body]`: the body itself needs no copy. */
export function replyFrame({ status, body }: PeerReply): { readonly head: string; readonly tail: string } {
  return { head: `li${status}e${body.length}:`, tail: 'e' };
}

/** The body is a view into `bytes`. Throws PeerProtocolError. */
export function decodeReply(bytes: Uint8Array): PeerReply {
  return replyOf(listIn(bytes));
}

function replyOf(item: unknown): PeerReply {
  const [status, body] = partsOf(item);
  if (typeof status === 'number' && body instanceof Uint8Array) return { status, body };
  throw new PeerProtocolError('a reply is [status, body]');
}

const partsOf = (item: unknown): readonly unknown[] => (Array.isArray(item) ? item : []);

const isBudget = (value: unknown): value is number => typeof value === 'number' && value >= 0;

function listIn(bytes: Uint8Array): readonly unknown[] {
  try {
    const value = bdecode(bytes, MAX_VALUES);
    if (Array.isArray(value)) return value;
  } catch (cause) {
    if (!(cause instanceof InvalidBencode)) throw cause;
  }
  throw new PeerProtocolError('not a bencoded list');
}
