import { bdecode, bencode, InvalidBencode, type BValue } from '../bencode.js';
import { TEXTS } from '../texts.js';
import { badArguments, type MonitorRefusal } from './monitor-refusal.js';

/** A server for push notifications renews all accounts of a swarm at once, in lists of some 5 MB. */
const MAX_REQUESTS = 25_000;
/** Sixteen for each of them; beyond it a list would take far more memory than its bytes. */
const MAX_VALUES = 400_000;
const LETTER = { d: 0x64, l: 0x6c } as const;

/** What a client asks for, each part still to be judged on its own. */
export interface MonitorCall {
  /** Whether it came, and is answered, as a list. */
  readonly isList: boolean;
  readonly dicts: readonly ReadonlyMap<string, BValue>[];
}

/** Throws MonitorRefusal for what is not a dictionary or a list of them; it answers the whole. docs/protocol/storage-rpc.md §10 */
export function parseMonitorCall(part: Uint8Array): MonitorCall {
  const [first] = part;
  if (first !== LETTER.d && first !== LETTER.l) throw badArguments(TEXTS.monitor.onePart);
  const value = decoded(part);
  const isList = Array.isArray(value);
  const dicts = (isList ? value : [value]).map((item) => {
    if (item instanceof Map) return item;
    throw badArguments(TEXTS.monitor.unreadable);
  });
  if (dicts.length > MAX_REQUESTS) throw badArguments(TEXTS.monitor.tooMany(MAX_REQUESTS));
  return { isList, dicts };
}

function decoded(part: Uint8Array): BValue {
  try {
    return bdecode(part, MAX_VALUES);
  } catch (cause) {
    if (cause instanceof InvalidBencode) throw badArguments(TEXTS.monitor.unreadable);
    throw cause;
  }
}

/** The answer to one subscription; null: it was granted. */
type Outcome = MonitorRefusal | null;

const outcomeDict = (refusal: Outcome) =>
  refusal === null ? { success: 1 } : { errcode: refusal.code, error: refusal.message };

/** The answer to a call that could be read: a dictionary, or one for each in a list. */
export const encodeMonitorReply = (isList: boolean, outcomes: readonly Outcome[]): Uint8Array =>
  isList ? bencode(outcomes.map(outcomeDict)) : bencode(outcomeDict(outcomes[0] ?? null));

/** The answer to one that could not: one dictionary, whatever it was meant to be. */
export const encodeMonitorRefusal = (refusal: MonitorRefusal): Uint8Array => bencode(outcomeDict(refusal));
