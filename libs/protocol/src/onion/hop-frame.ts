import { bdecode, InvalidBencode, type BValue } from '../bencode.js';
import { utf8 } from '../hex.js';
import { parseEncType, type EncType } from './enc-type.js';
import { InvalidHopFrame, PathTooLong } from './onion-errors.js';

/** A node refuses a frame of another node above this count. docs/protocol/onion.md §3.4 */
export const MAX_ONION_HOPS = 15;

const KEY_BYTES = 32;
/** Itself, its four members, and whatever a later version of the network adds. */
const MAX_VALUES = 64;

/** One layer on its way from node to node. docs/protocol/onion.md §6.3 */
export interface HopFrame {
  /** Ciphertext for the node that receives the frame. */
  readonly data: Uint8Array;
  readonly encType: EncType;
  /** 32 bytes. */
  readonly ephemeralKey: Uint8Array;
  /** How many nodes have had the request, this transfer included: 1..15 when received. */
  readonly hopNo: number;
}

/**
 * The frame as a bencoded dictionary, keys in byte order, in parts to be sent one after the other. `data` is one of them
 * as it stands: this runs for every forwarded request, and it may be 10 MiB.
 */
export function encodeHopFrame({ data, encType, ephemeralKey, hopNo }: HopFrame): readonly Uint8Array[] {
  return [
    utf8(`d4:data${data.length}:`),
    data,
    utf8(`8:enc_type${encType.length}:${encType}13:ephemeral_key${KEY_BYTES}:`),
    ephemeralKey,
    utf8(`6:hop_noi${hopNo}ee`),
  ];
}

/** Reads a frame; views, no copies. Throws InvalidHopFrame or PathTooLong. */
export function decodeHopFrame(bytes: Uint8Array): HopFrame {
  const members = readDict(bytes);
  const ephemeralKey = readBytes(members, 'ephemeral_key');
  if (ephemeralKey.length !== KEY_BYTES) throw new InvalidHopFrame(`ephemeral_key must be ${KEY_BYTES} bytes`);
  const frame: HopFrame = {
    data: readBytes(members, 'data'),
    encType: readEncType(members.get('enc_type')),
    ephemeralKey,
    hopNo: readHopNo(members.get('hop_no')),
  };
  if (frame.hopNo > MAX_ONION_HOPS) throw new PathTooLong();
  return frame;
}

function readDict(bytes: Uint8Array): ReadonlyMap<string, BValue> {
  let value: BValue;
  try {
    value = bdecode(bytes, MAX_VALUES);
  } catch (cause) {
    throw cause instanceof InvalidBencode ? new InvalidHopFrame(cause.message) : cause;
  }
  if (!(value instanceof Map)) throw new InvalidHopFrame('not a dictionary');
  return value;
}

function readBytes(members: ReadonlyMap<string, BValue>, name: string): Uint8Array {
  const value = members.get(name);
  if (!(value instanceof Uint8Array)) throw new InvalidHopFrame(`${name} is missing or not a string`);
  return value;
}

function readEncType(value: BValue | undefined): EncType {
  if (value !== undefined && !(value instanceof Uint8Array)) throw new InvalidHopFrame('enc_type is not a string');
  const encType = parseEncType(value && new TextDecoder().decode(value));
  if (encType === null) throw new InvalidHopFrame('unknown enc_type');
  return encType;
}

/** Missing and nonsensical counts are the first hop. */
function readHopNo(value: BValue | undefined): number {
  if (value === undefined) return 1;
  if (typeof value !== 'number' && typeof value !== 'bigint') throw new InvalidHopFrame('hop_no is not an integer');
  return Math.max(Number(value), 1);
}
