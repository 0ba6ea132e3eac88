import { ContractError } from './contract-error.js';
import { checkVersion, CONTRACT_VERSION, type MetVersion } from './version.js';

/**
 * Who asked: a client by HTTPS or onion, another member of the swarm that forwards a client's request, or a client on a
 * stream.
 */
export type RpcSource = 'client' | 'peer' | 'stream';

/** One RPC on its way from relay to storage. */
export interface RpcCall {
  readonly source: RpcSource;
  /** Milliseconds the caller still waits; storage answers earlier. */
  readonly budgetMs: number;
  /** Null: `body` is a JSON envelope with `method` and `params`. Otherwise `body` holds the parameters, JSON or bencoded. */
  readonly method: string | null;
  /** The member that sent it, by its Ed25519 key in hex, as its certificate proved; only of a peer. */
  readonly from?: string | undefined;
  readonly body: Uint8Array;
}

/** How the body of an answer is to be presented: plain text, JSON (or bencode, if the call was) or raw bytes. */
export type RpcAnswerKind = 'text' | 'json' | 'binary';

export interface RpcAnswer {
  readonly status: number;
  readonly kind: RpcAnswerKind;
  readonly body: Uint8Array;
}

const SOURCES: readonly RpcSource[] = ['client', 'peer', 'stream'];
const KINDS: readonly RpcAnswerKind[] = ['text', 'json', 'binary'];
const CALL_HEAD_BYTES = 8;
const ANSWER_HEAD_BYTES = 4;
const MAX_NAME_BYTES = 255;

/** Layout: version u8, source u8, budget u32 LE (ms), lengths of method and sender u8, method, sender (UTF-8), body. */
export function encodeRpcCall(call: RpcCall): Uint8Array {
  const [method, from] = [call.method, call.from].map((name) => new TextEncoder().encode(name ?? ''));
  if (method === undefined || from === undefined || Math.max(method.length, from.length) > MAX_NAME_BYTES) {
    throw new ContractError('name too long for a call frame');
  }
  const bodyStart = CALL_HEAD_BYTES + method.length + from.length;
  const frame = new Uint8Array(bodyStart + call.body.length);
  const view = new DataView(frame.buffer);
  frame[0] = CONTRACT_VERSION;
  frame[1] = SOURCES.indexOf(call.source);
  view.setUint32(2, Math.max(0, Math.floor(call.budgetMs)), true);
  frame[6] = method.length;
  frame[7] = from.length;
  frame.set(method, CALL_HEAD_BYTES);
  frame.set(from, CALL_HEAD_BYTES + method.length);
  frame.set(call.body, bodyStart);
  return frame;
}

/** Reads what encodeRpcCall wrote; the body is a view, not a copy. `met` hears of a version that is not ours. Throws ContractError. */
export function decodeRpcCall(frame: Uint8Array, met?: MetVersion): RpcCall {
  checkVersion(frame[0], met);
  const [methodBytes, fromBytes] = [frame[6], frame[7]];
  const source = SOURCES[frame[1] ?? -1];
  if (methodBytes === undefined || fromBytes === undefined || source === undefined) {
    throw new ContractError('unreadable call frame');
  }
  const fromStart = CALL_HEAD_BYTES + methodBytes;
  const bodyStart = fromStart + fromBytes;
  if (frame.length < bodyStart) throw new ContractError('call frame ends inside a name');
  const textOf = (start: number, end: number): string => new TextDecoder().decode(frame.subarray(start, end));
  const method = methodBytes === 0 ? null : textOf(CALL_HEAD_BYTES, fromStart);
  const from = fromBytes === 0 ? undefined : textOf(fromStart, bodyStart);
  const budgetMs = new DataView(frame.buffer, frame.byteOffset, CALL_HEAD_BYTES).getUint32(2, true);
  return { source, budgetMs, method, from, body: frame.subarray(bodyStart) };
}

/** Layout: version u8, kind u8, status u16 LE, body. */
export function encodeRpcAnswer(answer: RpcAnswer): Uint8Array {
  const frame = new Uint8Array(ANSWER_HEAD_BYTES + answer.body.length);
  frame.set(rpcAnswerHead(answer));
  frame.set(answer.body, ANSWER_HEAD_BYTES);
  return frame;
}

/** What stands before the body, for a body that is written piece by piece. */
export function rpcAnswerHead({ status, kind }: Pick<RpcAnswer, 'status' | 'kind'>): Uint8Array {
  return Uint8Array.of(CONTRACT_VERSION, KINDS.indexOf(kind), status & 0xff, status >> 8);
}

/** Reads what encodeRpcAnswer wrote; the body is a view, not a copy. Throws ContractError. */
export function decodeRpcAnswer(frame: Uint8Array, met?: MetVersion): RpcAnswer {
  checkVersion(frame[0], met);
  const kind = KINDS[frame[1] ?? -1];
  if (frame.length < ANSWER_HEAD_BYTES || kind === undefined) {
    throw new ContractError('unreadable answer frame');
  }
  const status = new DataView(frame.buffer, frame.byteOffset, ANSWER_HEAD_BYTES).getUint16(2, true);
  return { status, kind, body: frame.subarray(ANSWER_HEAD_BYTES) };
}
