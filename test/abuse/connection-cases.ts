import { counted, type Aftermath } from './arena.js';
import type { AbuseCase } from './cases.js';
import { atMost, exactly, waited, atLeast, type Finding } from './finding.js';
import { openFilesLimit } from './watch.js';

/** A connection with TLS and a parser costs the relay some 50 KB; so much for each, and what the collector leaves. */
const MIB_PER_CONNECTION = 0.06;
const COLLECTOR_MIB = 60;
/** The composition gives a relay no more, and it has some 110 before anybody comes. */
const CONTAINER_MIB = 1_024 - 150;
/** A handshake or a head may take 10 s, and the node looks every 2 s; the attacker, who has the lowest priority, is late. */
const CUT_OFF_MS = 18_000;
/** A whole request may take 30 s. */
const BODY_CUT_OFF_MS = 40_000;
const SLOW = 1_000;
const SILENT = 10_000;
const KEPT = 4_000;
/** Until the last has come, and for some seconds more. */
const KEPT_MS = 30_000;
/** So many are there at once before the first has had its 10 s, when the attacker is a fifth slower than it wants to be. */
const SILENT_AT_ONCE = 8_000;
/** The connections, and what else attacker and relay have open. */
const SILENT_FILES = SILENT + 1_000;
/** Connections that do nothing cost their handshake, a millisecond each, and then next to nothing. */
const HOLDING_CORES = 0.8;

export const memory = ({ growthMiB }: Aftermath, connections: number): Finding =>
  atMost('resident growth of the relay, MiB', COLLECTOR_MIB + connections * MIB_PER_CONNECTION, growthMiB);

/** The node's limits are far from reached, so it takes all of them; and it ends all of them. */
const cutOff = (after: Aftermath, limitMs: number, count: number): Finding[] => [
  exactly('connections taken', count, counted(after, 'taken')),
  exactly('of them, closed by the node', count, counted(after, 'closed')),
  waited('longest such connection, ms', limitMs, counted(after, 'longest_ms')),
  atMost('CPU of the relay for holding them, cores', HOLDING_CORES, after.cores),
];

/** Whoever holds connections without using them. */
export const connectionCases: readonly AbuseCase[] = [
  {
    name: 'slow-headers',
    about: '1,000 connections that send a byte of a header twice a second',
    onslaught: () => ({ attack: 'slowHeaders', count: SLOW, perSecond: 125, seconds: 30, patienceMs: CUT_OFF_MS }),
    attempts: SLOW,
    judge: (after) => [...cutOff(after, CUT_OFF_MS, SLOW), memory(after, SLOW)],
  },
  {
    name: 'slow-bodies',
    about: '1,000 connections that send a byte of a body twice a second',
    onslaught: () => ({ attack: 'slowBodies', count: SLOW, perSecond: 125, seconds: 30, patienceMs: BODY_CUT_OFF_MS }),
    attempts: SLOW,
    judge: (after) => [...cutOff(after, BODY_CUT_OFF_MS, SLOW), memory(after, SLOW)],
  },
  {
    name: 'half-open-tls',
    about: '1,000 connections that begin a handshake and go no further',
    onslaught: () => ({ attack: 'halfOpenTls', count: SLOW, perSecond: 250, seconds: 30, patienceMs: CUT_OFF_MS }),
    attempts: SLOW,
    judge: (after) => [...cutOff(after, CUT_OFF_MS, SLOW), memory(after, SLOW)],
  },
  {
    name: 'idle-connections',
    about: '1,000 connections that end their handshake and ask for nothing',
    onslaught: () => ({ attack: 'idle', count: SLOW, perSecond: 125, seconds: 30, patienceMs: CUT_OFF_MS }),
    attempts: SLOW,
    judge: (after) => [...cutOff(after, CUT_OFF_MS, SLOW), memory(after, SLOW)],
  },
  {
    name: 'kept-connections',
    about: '4,000 connections at once, from 50 addresses, that ask for something every three seconds',
    onslaught: () => ({ attack: 'keptAlive', count: KEPT, perSecond: 200, seconds: 40, patienceMs: KEPT_MS }),
    attempts: KEPT,
    judge: (after) => [
      exactly('connections taken', KEPT, counted(after, 'taken')),
      exactly('of them, closed by the node', 0, counted(after, 'closed')),
      atLeast('at once', KEPT, after.peakFiles),
      memory(after, KEPT),
    ],
  },
  {
    name: 'silent-connections',
    about: '10,000 connections at once, from 50 addresses, that do not say a word',
    hindrance: () =>
      openFilesLimit() < SILENT_FILES
        ? `it needs ${SILENT_FILES} open files a process, and ${openFilesLimit()} are allowed here`
        : undefined,
    onslaught: () => ({ attack: 'silent', count: SILENT, perSecond: 1_250, seconds: 30, patienceMs: CUT_OFF_MS }),
    attempts: SILENT,
    judge: (after) => [
      ...cutOff(after, CUT_OFF_MS, SILENT),
      atLeast('at once', SILENT_AT_ONCE, after.peakFiles),
      atMost('resident growth of the relay, MiB', CONTAINER_MIB, after.growthMiB),
    ],
  },
];
