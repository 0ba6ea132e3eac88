import { counted } from './arena.js';
import type { AbuseCase } from './cases.js';
import { memory } from './connection-cases.js';
import { exactly } from './finding.js';

/** Whoever makes new connections without end, and one who keeps them. */
export const handshakeCases: readonly AbuseCase[] = [
  {
    name: 'handshake-burst',
    about: '300 new TLS connections a second from one address, 100 at once',
    onslaught: () => ({ attack: 'handshakes', count: 100, perSecond: 300, seconds: 12, more: { sources: '1' } }),
    attempts: 1_200,
    judge: (after) => [memory(after, 100)],
  },
  {
    name: 'handshake-crowd',
    about: '300 new TLS connections a second from 200 addresses, 200 at once',
    onslaught: () => ({ attack: 'handshakes', count: 200, perSecond: 300, seconds: 12, more: { sources: '200' } }),
    attempts: 1_200,
    judge: (after) => [memory(after, 200)],
  },
  {
    name: 'renegotiation',
    about: 'TLS 1.2 connections that ask for another handshake',
    onslaught: () => ({ attack: 'renegotiation', count: 20, perSecond: 100, seconds: 8 }),
    attempts: 300,
    judge: (after) => [
      exactly('connections that renegotiated', 0, counted(after, 'renegotiated')),
      exactly('connections refused', 0, counted(after, 'refused')),
      memory(after, 20),
    ],
  },
  {
    name: 'source-flood',
    about: 'one address with ten times the requests that it may make',
    onslaught: () => ({ attack: 'sourceFlood', count: 64, perSecond: 3_000, seconds: 10 }),
    attempts: 10_000,
    judge: (after) => {
      const known = [200, 429, 503].reduce((sum, status) => sum + counted(after, `status_${status}`), 0);
      return [exactly('requests without a known answer', 0, counted(after, 'attempted') - known), memory(after, 64)];
    },
  },
];
