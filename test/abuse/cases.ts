import type { NetworkOptions } from '#testing';
import { connectionCases } from './connection-cases.js';
import { contentCases } from './content-cases.js';
import { peerCases } from './peer-cases.js';
import type { Arena } from './arena.js';
import type { Finding } from './finding.js';

export interface AbuseCase {
  readonly name: string;
  /** What is done, in a few words. */
  readonly about: string;
  /** A network with the attacked node in it; just that one when nothing is said. */
  readonly network?: () => Promise<NetworkOptions>;
  /** Why it cannot be played on this machine; undefined when it can. */
  readonly hindrance?: () => string | undefined;
  readonly run: (arena: Arena) => Promise<Finding[]>;
}

export const CASES: readonly AbuseCase[] = [...connectionCases, ...contentCases, ...peerCases];
