import { ContractError } from './contract-error.js';
import { checkVersion, CONTRACT_VERSION, type MetVersion } from './version.js';

/** Commands of one member that arrived together, on their way from relay to storage. */
export interface CommandCall {
  /** Who sent them, by its Ed25519 key in hex, as its certificate proved. */
  readonly from: string;
  readonly commands: readonly CallCommand[];
}

export interface CallCommand {
  readonly method: string;
  /** A bencoded dictionary, as it was received. */
  readonly params: Uint8Array;
  /** Milliseconds the caller still waits for this one; storage answers earlier. */
  readonly budgetMs: number;
}

/** What became of one command; null: nothing, within its time and the room of the answer. */
export type CommandAnswer = { readonly status: number; readonly body: Uint8Array } | null;

/** More than a request between nodes holds. */
const MAX_COMMANDS = 255;
const CALL_HEAD_BYTES = 3;
const COMMAND_HEAD_BYTES = 12;
const ANSWERS_HEAD_BYTES = 2;
const ANSWER_HEAD_BYTES = 6;
const MAX_NAME_BYTES = 255;
/** No status has this value. */
const NO_ANSWER = 0;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Layout: version u8, length of sender u8, commands u8, sender; then for each command budget u32 LE (ms), lengths of
 * method and parameters u32 LE, method (UTF-8), parameters. Throws ContractError for more commands than a frame holds.
 */
export function encodeCommandCall({ from, commands }: CommandCall): Uint8Array {
  const sender = encoder.encode(from);
  if (sender.length > MAX_NAME_BYTES || commands.length > MAX_COMMANDS) {
    throw new ContractError('too much for a frame of commands');
  }
  const methods = commands.map(({ method }) => encoder.encode(method));
  const bytes = commands.reduce(
    (sum, { params }, index) => sum + COMMAND_HEAD_BYTES + (methods[index]?.length ?? 0) + params.length,
    CALL_HEAD_BYTES + sender.length,
  );
  const frame = new Uint8Array(bytes);
  const view = new DataView(frame.buffer);
  frame.set([CONTRACT_VERSION, sender.length, commands.length]);
  frame.set(sender, CALL_HEAD_BYTES);
  let at = CALL_HEAD_BYTES + sender.length;
  commands.forEach(({ params, budgetMs }, index) => {
    const method = methods[index] ?? new Uint8Array();
    view.setUint32(at, Math.max(0, Math.floor(budgetMs)), true);
    view.setUint32(at + 4, method.length, true);
    view.setUint32(at + 8, params.length, true);
    frame.set(method, at + COMMAND_HEAD_BYTES);
    frame.set(params, at + COMMAND_HEAD_BYTES + method.length);
    at += COMMAND_HEAD_BYTES + method.length + params.length;
  });
  return frame;
}

/** Reads what encodeCommandCall wrote; parameters are views, not copies. `met` hears of a version that is not ours. Throws ContractError. */
export function decodeCommandCall(frame: Uint8Array, met?: MetVersion): CommandCall {
  const [version, senderBytes, count] = frame;
  checkVersion(version, met);
  if (senderBytes === undefined || count === undefined) {
    throw new ContractError('unreadable frame of commands');
  }
  const reader = new Reader(frame, CALL_HEAD_BYTES);
  const from = decoder.decode(reader.bytes(senderBytes));
  const commands = Array.from({ length: count }, () => {
    const [budgetMs, methodBytes, paramsBytes] = [reader.u32(), reader.u32(), reader.u32()];
    return { budgetMs, method: decoder.decode(reader.bytes(methodBytes)), params: reader.bytes(paramsBytes) };
  });
  reader.end();
  return { from, commands };
}

/** Layout: version u8, answers u8; then for each status u16 LE (0 for none), length of body u32 LE, body. */
export function encodeCommandAnswers(answers: readonly CommandAnswer[]): Uint8Array {
  if (answers.length > MAX_COMMANDS) throw new ContractError('too much for a frame of answers');
  const bytes = answers.reduce((sum, answer) => sum + ANSWER_HEAD_BYTES + (answer?.body.length ?? 0), 0);
  const frame = new Uint8Array(ANSWERS_HEAD_BYTES + bytes);
  const view = new DataView(frame.buffer);
  frame.set([CONTRACT_VERSION, answers.length]);
  let at = ANSWERS_HEAD_BYTES;
  for (const answer of answers) {
    view.setUint16(at, answer?.status ?? NO_ANSWER, true);
    view.setUint32(at + 2, answer?.body.length ?? 0, true);
    if (answer !== null) frame.set(answer.body, at + ANSWER_HEAD_BYTES);
    at += ANSWER_HEAD_BYTES + (answer?.body.length ?? 0);
  }
  return frame;
}

/** Reads what encodeCommandAnswers wrote; bodies are views, not copies. Throws ContractError. */
export function decodeCommandAnswers(frame: Uint8Array, met?: MetVersion): CommandAnswer[] {
  const [version, count] = frame;
  checkVersion(version, met);
  if (count === undefined) throw new ContractError('unreadable frame of answers');
  const reader = new Reader(frame, ANSWERS_HEAD_BYTES);
  const answers = Array.from({ length: count }, (): CommandAnswer => {
    const [status, bodyBytes] = [reader.u16(), reader.u32()];
    const body = reader.bytes(bodyBytes);
    return status === NO_ANSWER ? null : { status, body };
  });
  reader.end();
  return answers;
}

/** From the front to the end of a frame, and not past it. */
class Reader {
  readonly #view: DataView;

  constructor(
    private readonly frame: Uint8Array,
    private at: number,
  ) {
    this.#view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  }

  u16(): number {
    return this.#view.getUint16(this.#pass(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#pass(4), true);
  }

  bytes(length: number): Uint8Array {
    const start = this.#pass(length);
    return this.frame.subarray(start, start + length);
  }

  end(): void {
    if (this.at !== this.frame.length) throw new ContractError('a frame goes on after its end');
  }

  #pass(length: number): number {
    const start = this.at;
    if (start + length > this.frame.length) throw new ContractError('a frame ends too early');
    this.at += length;
    return start;
  }
}
