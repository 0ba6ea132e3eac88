import { counted, unharmed, type Aftermath, type Onslaught } from './arena.js';
import type { AbuseCase } from './cases.js';
import { atLeast, atMost, exactly, waited, type Finding } from './finding.js';
import { openFilesLimit } from './watch.js';

/** A connection with TLS and a parser costs the relay some 50 KB; so much for each, and what the collector leaves. */
const MIB_PER_CONNECTION = 0.06;
const COLLECTOR_MIB = 60;
/** A container of the relay gets no more. */
const CONTAINER_MIB = 1_024;
/** A handshake or a head may take 10 s, and the node looks every 2 s; the attacker, who has the lowest priority, is late. */
const CUT_OFF_MS = 18_000;
/** A whole request may take 30 s. */
const BODY_CUT_OFF_MS = 40_000;
const SLOW = 1_000;
const IDLE = 10_000;
/** The connections, and what else attacker and relay have open. */
const IDLE_FILES = IDLE + 1_000;

/** Connections that do nothing cost their handshake, a millisecond each, and then next to nothing. */
const HOLDING_CORES = 0.8;

const memory = ({ growthMiB }: Aftermath, connections: number): Finding =>
  atMost('resident growth of the relay, MiB', COLLECTOR_MIB + connections * MIB_PER_CONNECTION, growthMiB);

/** A busy machine does not get all of them opened in time, and so that this shows, what it got is told. */
const cutOff = (aftermath: Aftermath, limitMs: number, count: number): Finding[] => [
  atLeast('connections taken', count / 2, counted(aftermath, 'opened')),
  exactly('connections not cut off', 0, counted(aftermath, 'opened') - counted(aftermath, 'cut_off')),
  waited('longest such connection, ms', limitMs, counted(aftermath, 'longest_ms')),
  atMost('CPU of the relay for holding them, cores', HOLDING_CORES, aftermath.cores),
];

/** Long enough on a connection to see it cut off, and not much longer. */
const patience = (cutOffMs: number): { readonly more: Onslaught['more'] } => ({
  more: { patienceMs: `${cutOffMs}` },
});

/** Whoever holds connections without using them, or makes new ones without end. */
export const connectionCases: readonly AbuseCase[] = [
  {
    name: 'slow-headers',
    about: '1,000 connections that send a byte of a header twice a second',
    run: async (arena) => {
      const after = await arena.suffer({ attack: 'slowHeaders', count: SLOW, seconds: 32, ...patience(CUT_OFF_MS) });
      return [...cutOff(after, CUT_OFF_MS, SLOW), memory(after, SLOW), ...unharmed(after)];
    },
  },
  {
    name: 'slow-bodies',
    about: '1,000 connections that send a byte of a body twice a second',
    run: async (arena) => {
      const after = await arena.suffer({
        attack: 'slowBodies',
        count: SLOW,
        seconds: 50,
        ...patience(BODY_CUT_OFF_MS),
      });
      return [...cutOff(after, BODY_CUT_OFF_MS, SLOW), memory(after, SLOW), ...unharmed(after)];
    },
  },
  {
    name: 'half-open-tls',
    about: '1,000 connections that begin a handshake and go no further',
    run: async (arena) => {
      const after = await arena.suffer({ attack: 'halfOpenTls', count: SLOW, seconds: 32, ...patience(CUT_OFF_MS) });
      return [...cutOff(after, CUT_OFF_MS, SLOW), memory(after, SLOW), ...unharmed(after)];
    },
  },
  {
    name: 'idle-connections',
    about: '10,000 connections from 50 addresses that ask for nothing',
    hindrance: () =>
      openFilesLimit() < IDLE_FILES
        ? `it needs ${IDLE_FILES} open files a process, and ${openFilesLimit()} are allowed here`
        : undefined,
    run: async (arena) => {
      const after = await arena.suffer({ attack: 'idle', count: IDLE, seconds: 48, ...patience(CUT_OFF_MS) });
      return [
        ...cutOff(after, CUT_OFF_MS, IDLE),
        atMost('files open in the relay', 17_000, after.peakFiles),
        atMost('resident growth of the relay, MiB', CONTAINER_MIB - 150, after.growthMiB),
        ...unharmed(after),
      ];
    },
  },
  {
    name: 'handshake-burst',
    about: 'new TLS connections as fast as one address can make them, 100 at once',
    run: async (arena) => {
      const after = await arena.suffer({ attack: 'handshakeBurst', count: 100, seconds: 12, more: { sources: '1' } });
      return [memory(after, 100), ...unharmed(after)];
    },
  },
  {
    name: 'handshake-crowd',
    about: 'new TLS connections as fast as 200 addresses can make them, 200 at once',
    run: async (arena) => {
      const after = await arena.suffer({ attack: 'handshakeBurst', count: 200, seconds: 12, more: { sources: '200' } });
      return [atLeast('handshakes', 1, counted(after, 'handshakes')), memory(after, 200), ...unharmed(after)];
    },
  },
  {
    name: 'renegotiation',
    about: 'TLS 1.2 connections that ask for handshake after handshake',
    run: async (arena) => {
      const after = await arena.suffer({ attack: 'renegotiation', count: 20, seconds: 8 });
      return [
        atLeast('connections', 20, counted(after, 'connections')),
        exactly('renegotiations granted', 0, counted(after, 'renegotiated')),
        memory(after, 20),
        ...unharmed(after),
      ];
    },
  },
  {
    name: 'source-flood',
    about: 'one address with ten times the requests that it may make',
    run: async (arena) => {
      const after = await arena.suffer({ attack: 'sourceFlood', count: 64, seconds: 10 });
      const { report } = after;
      const known = counted(after, 'status_200') + counted(after, 'status_429') + counted(after, 'status_503');
      return [
        atLeast('requests', 1_000, counted(after, 'requests')),
        exactly('requests without a known answer', 0, (report.requests ?? Number.NaN) - known),
        memory(after, 64),
        ...unharmed(after),
      ];
    },
  },
];
