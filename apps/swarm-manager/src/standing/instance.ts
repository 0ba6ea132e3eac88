import { randomBytes } from 'node:crypto';
import { bytesToHex, INSTANCE_BYTES } from '#protocol';

/** Token of what tells this start of this node from every other one, 32 hex digits. docs/protocol/peer.md §8.1 */
export const INSTANCE = Symbol('INSTANCE');

export const newInstance = (): string => bytesToHex(randomBytes(INSTANCE_BYTES));
