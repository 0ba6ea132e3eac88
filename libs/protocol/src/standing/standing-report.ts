import { bdecode, bencode, InvalidBencode, type BValue } from '../bencode.js';
import { bytesToHex, hexToBytes } from '../hex.js';

/** docs/protocol/peer.md §8.1 */
export const INSTANCE_BYTES = 16;
/** A dictionary with two small ones in it, and room for what later versions say. */
const MAX_VALUES = 100;

/** One surface of a node in a test of another one. */
export interface TestedSurface {
  readonly port: number;
  readonly isReached: boolean;
}

/** What a node's last test of the asking node said. */
export interface TestOfAsker {
  readonly ageMs: number;
  /** Where it dialled: what its list gives. */
  readonly ip: string;
  readonly public: TestedSurface;
  readonly peer: TestedSurface;
}

/** What a node knows of the one that asks. */
export interface StandingKnown {
  /** Of the node that answers, 32 hex digits; null while nobody there can say. */
  readonly instance: string | null;
  /** Null when it has none. */
  readonly test: TestOfAsker | null;
  /** How long ago another instance with the same key asked; null when none did. */
  readonly otherAgeMs: number | null;
}

/** The answer as it travels. */
export interface StandingReport extends StandingKnown {
  /** Clock of the answering node when the question had come, and when the answer left. */
  readonly receivedMs: number;
  readonly sentMs: number;
  /** Address that the question came from. */
  readonly observedIp: string | null;
}

/** `instance`: of the node that asks, 32 hex digits. docs/protocol/peer.md §8 */
export const encodeStandingAsk = (instance: string): Uint8Array => bencode({ instance: bytesOf(instance) });

/** The instance that asks; null for what cannot be read. Unknown members are ignored. */
export function decodeStandingAsk(bytes: Uint8Array): string | null {
  return instanceIn(membersOf(bytes));
}

export function encodeStandingReport(report: StandingReport): Uint8Array {
  const { instance, test, otherAgeMs, receivedMs, sentMs, observedIp } = report;
  return bencode({
    instance: instance === null ? undefined : bytesOf(instance),
    other: otherAgeMs === null ? undefined : whole(otherAgeMs),
    received: whole(receivedMs),
    seen: observedIp ?? undefined,
    sent: whole(sentMs),
    test:
      test === null
        ? undefined
        : { age: whole(test.ageMs), ip: test.ip, peer: surface(test.peer), public: surface(test.public) },
  });
}

/** Null for what cannot be read: without both times it is no report. Unknown members are ignored. */
export function decodeStandingReport(bytes: Uint8Array): StandingReport | null {
  const members = membersOf(bytes);
  const [receivedMs, sentMs] = [numberIn(members, 'received'), numberIn(members, 'sent')];
  if (receivedMs === null || sentMs === null) return null;
  return {
    receivedMs,
    sentMs,
    instance: instanceIn(members),
    otherAgeMs: numberIn(members, 'other'),
    observedIp: textIn(members, 'seen'),
    test: testIn(members?.get('test')),
  };
}

type Members = ReadonlyMap<string, BValue> | null;

function membersOf(bytes: Uint8Array): Members {
  try {
    const value = bdecode(bytes, MAX_VALUES);
    return value instanceof Map ? value : null;
  } catch (cause) {
    if (cause instanceof InvalidBencode) return null;
    throw cause;
  }
}

function testIn(value: BValue | undefined): TestOfAsker | null {
  const members = value instanceof Map ? value : null;
  const [ageMs, ip] = [numberIn(members, 'age'), textIn(members, 'ip')];
  const [onPublic, onPeer] = [surfaceIn(members, 'public'), surfaceIn(members, 'peer')];
  if (ageMs === null || ip === null || onPublic === null || onPeer === null) return null;
  return { ageMs, ip, public: onPublic, peer: onPeer };
}

function surfaceIn(members: Members, name: string): TestedSurface | null {
  const value = members?.get(name);
  const [port, reached] = Array.isArray(value) ? value : [];
  return typeof port === 'number' && typeof reached === 'number' ? { port, isReached: reached === 1 } : null;
}

function instanceIn(members: Members): string | null {
  const value = members?.get('instance');
  return value instanceof Uint8Array && value.length === INSTANCE_BYTES ? bytesToHex(value) : null;
}

/** None of them is negative. */
function numberIn(members: Members, name: string): number | null {
  const value = members?.get(name);
  return typeof value === 'number' && value >= 0 ? value : null;
}

/** Addresses: what is longer than one is not shown to anybody. */
function textIn(members: Members, name: string): string | null {
  const value = members?.get(name);
  if (!(value instanceof Uint8Array) || value.length > 45) return null;
  const text = new TextDecoder('latin1').decode(value);
  return /^[0-9a-f.:]+$/.test(text) ? text : null;
}

const surface = ({ port, isReached }: TestedSurface): readonly [number, boolean] => [port, isReached];

const bytesOf = (instance: string): Uint8Array => hexToBytes(instance) ?? new Uint8Array();

const whole = (ms: number): number => Math.max(0, Math.round(ms));
