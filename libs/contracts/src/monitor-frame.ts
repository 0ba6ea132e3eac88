import { ContractError } from './contract-error.js';
import { checkVersion, CONTRACT_VERSION } from './version.js';

/** A client's wish to be told of new messages, on its way from relay to storage. */
export interface MonitorAsk {
  /** Milliseconds the caller still waits. */
  readonly budgetMs: number;
  /** Bencoded, as the client sent it. */
  readonly part: Uint8Array;
}

/** A subscription that storage granted; the relay keeps it. */
export interface MonitorGrant {
  /** 33 bytes. */
  readonly account: Uint8Array;
  readonly wantsData: boolean;
  readonly namespaces: readonly number[];
}

export interface MonitorAnswer {
  /** 200: `reply` is the bencoded answer. Otherwise it is text, and nothing was granted. */
  readonly status: number;
  readonly reply: Uint8Array;
  readonly grants: readonly MonitorGrant[];
}

const ASK_HEAD_BYTES = 5;
const ANSWER_HEAD_BYTES = 11;
const ACCOUNT_BYTES = 33;
/** Account, flag, number of namespaces u32. */
const GRANT_HEAD_BYTES = ACCOUNT_BYTES + 5;
const NAMESPACE_BYTES = 2;

/** Layout: version u8, budget u32 LE (ms), part. */
export function encodeMonitorAsk({ budgetMs, part }: MonitorAsk): Uint8Array {
  const frame = new Uint8Array(ASK_HEAD_BYTES + part.length);
  frame[0] = CONTRACT_VERSION;
  viewOf(frame).setUint32(1, Math.max(0, Math.floor(budgetMs)), true);
  frame.set(part, ASK_HEAD_BYTES);
  return frame;
}

/** Reads what encodeMonitorAsk wrote; the part is a view. Throws ContractError. */
export function decodeMonitorAsk(frame: Uint8Array): MonitorAsk {
  checkVersion(frame[0]);
  if (frame.length < ASK_HEAD_BYTES) throw new ContractError('unreadable ask frame');
  return { budgetMs: viewOf(frame).getUint32(1, true), part: frame.subarray(ASK_HEAD_BYTES) };
}

/**
 * Layout: version u8, status u16 LE, bytes of the reply u32 LE, number of grants u32 LE, reply, grants. A grant: account
 * (33 bytes), 1 with data or 0, number of namespaces u32 LE, each i16 LE.
 */
export function encodeMonitorAnswer({ status, reply, grants }: MonitorAnswer): Uint8Array {
  const grantBytes = grants.reduce((sum, { namespaces }) => sum + grantSize(namespaces.length), 0);
  const frame = new Uint8Array(ANSWER_HEAD_BYTES + reply.length + grantBytes);
  const view = viewOf(frame);
  frame[0] = CONTRACT_VERSION;
  view.setUint16(1, status, true);
  view.setUint32(3, reply.length, true);
  view.setUint32(7, grants.length, true);
  frame.set(reply, ANSWER_HEAD_BYTES);
  let at = ANSWER_HEAD_BYTES + reply.length;
  for (const { account, wantsData, namespaces } of grants) {
    if (account.length !== ACCOUNT_BYTES) throw new ContractError('an account has 33 bytes');
    frame.set(account, at);
    frame[at + ACCOUNT_BYTES] = wantsData ? 1 : 0;
    view.setUint32(at + ACCOUNT_BYTES + 1, namespaces.length, true);
    for (const [index, namespace] of namespaces.entries()) {
      view.setInt16(at + GRANT_HEAD_BYTES + index * NAMESPACE_BYTES, namespace, true);
    }
    at += grantSize(namespaces.length);
  }
  return frame;
}

/** Reads what encodeMonitorAnswer wrote; reply and accounts are views. Throws ContractError. */
export function decodeMonitorAnswer(frame: Uint8Array): MonitorAnswer {
  checkVersion(frame[0]);
  if (frame.length < ANSWER_HEAD_BYTES) throw unreadable();
  const view = viewOf(frame);
  const replyEnd = ANSWER_HEAD_BYTES + view.getUint32(3, true);
  const count = view.getUint32(7, true);
  const grants: MonitorGrant[] = [];
  let at = replyEnd;
  while (grants.length < count) {
    if (at + GRANT_HEAD_BYTES > frame.length) throw unreadable();
    const namespaces = view.getUint32(at + ACCOUNT_BYTES + 1, true);
    const end = at + grantSize(namespaces);
    if (end > frame.length) throw unreadable();
    grants.push({
      account: frame.subarray(at, at + ACCOUNT_BYTES),
      wantsData: frame[at + ACCOUNT_BYTES] === 1,
      namespaces: Array.from({ length: namespaces }, (_unused, index) =>
        view.getInt16(at + GRANT_HEAD_BYTES + index * NAMESPACE_BYTES, true),
      ),
    });
    at = end;
  }
  if (at !== frame.length) throw unreadable();
  return { status: view.getUint16(1, true), reply: frame.subarray(ANSWER_HEAD_BYTES, replyEnd), grants };
}

const grantSize = (namespaces: number): number => GRANT_HEAD_BYTES + namespaces * NAMESPACE_BYTES;
const viewOf = (frame: Uint8Array): DataView => new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
const unreadable = (): ContractError => new ContractError('unreadable answer to an ask for subscriptions');
