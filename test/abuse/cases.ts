import type { NetworkOptions } from '#testing';
import type { Aftermath, Arena, Onslaught } from './arena.js';
import { connectionCases } from './connection-cases.js';
import { contentCases } from './content-cases.js';
import type { Finding } from './finding.js';
import { handshakeCases } from './handshake-cases.js';
import { outsideCases } from './outside-cases.js';
import { logCases } from './log-cases.js';
import { peerCases } from './peer-cases.js';

export interface AbuseCase {
  readonly name: string;
  /** What is done, in a few words. */
  readonly about: string;
  /** A network with the attacked node in it; just that one when nothing is said. */
  readonly network?: () => Promise<NetworkOptions>;
  /** Why it cannot be played on this machine; undefined when it can. */
  readonly hindrance?: () => string | undefined;
  readonly onslaught: (arena: Arena) => Onslaught;
  /** With fewer attempts than these the node was hardly attacked, and the case proves nothing. */
  readonly attempts: number;
  /** What has to hold beside what every attack has in common. */
  readonly judge: (after: Aftermath, arena: Arena) => Finding[] | Promise<Finding[]>;
  /** Somebody honest may wait so many times what they wait elsewhere; twice when nothing is said. */
  readonly times?: number;
}

export const CASES: readonly AbuseCase[] = [
  ...connectionCases,
  ...handshakeCases,
  ...contentCases,
  ...outsideCases,
  ...peerCases,
  ...logCases,
];
