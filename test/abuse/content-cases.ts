import { counted, type Aftermath } from './arena.js';
import type { AbuseCase } from './cases.js';
import { atMost, exactly, type Finding } from './finding.js';
import { statusCounts } from './story.js';

/** What the collector may leave lying about, and the pages of a busy process. */
const COLLECTOR_MIB = 80;
/** The relay's budget for bodies in all, and what it may need beside it. */
const BODY_BUDGET_MIB = 256;
const BESIDE_BUDGET_MIB = 150;
/** The longest body, and the blocks that are on their way when it is refused. */
const MOST_TAKEN_MIB = 24;
const MIB = 1024 * 1024;

export const growth = ({ growthMiB }: Aftermath, limit = COLLECTOR_MIB): Finding =>
  atMost('resident growth of the relay, MiB', limit, growthMiB);

/** Every answer of the attack had one of these statuses. */
export const only = ({ report }: Aftermath, ...statuses: number[]): Finding => {
  const others = [...statusCounts(report)].filter(([status]) => !statuses.includes(status));
  const count = others.reduce((sum, [, each]) => sum + each, 0);
  return exactly(`answers other than ${statuses.join(', ')}`, 0, count);
};

/** Whoever asks on a connection that works is answered. */
export const answeredAll = (after: Aftermath): Finding =>
  exactly('requests without an answer', 0, counted(after, 'attempted') - counted(after, 'answered'));

/** What a request holds. */
export const contentCases: readonly AbuseCase[] = [
  {
    name: 'header-flood',
    about: 'heads of a thousand headers, 50 at once',
    onslaught: () => ({ attack: 'headerFlood', count: 50, perSecond: 200, seconds: 8 }),
    attempts: 400,
    judge: (after) => [only(after, 431), growth(after)],
  },
  {
    name: 'oversized-announced',
    about: 'bodies of 64 MiB that say so, 100 at once',
    onslaught: () => ({ attack: 'oversizedAnnounced', count: 100, perSecond: 50, seconds: 8 }),
    attempts: 150,
    judge: (after) => [only(after, 413), growth(after)],
  },
  {
    name: 'oversized-chunked',
    about: 'bodies of 64 MiB in chunks, 10 at once',
    onslaught: () => ({ attack: 'oversizedChunked', count: 10, perSecond: 8, seconds: 8 }),
    attempts: 15,
    judge: (after) => [
      only(after, 413),
      atMost('most of one body taken, MiB', MOST_TAKEN_MIB, counted(after, 'most_bytes_taken') / MIB),
      growth(after, BODY_BUDGET_MIB),
    ],
  },
  {
    name: 'uploads',
    about: '500 bodies of 10 MiB at once, and another for each that ends',
    onslaught: () => ({ attack: 'uploads', count: 500, perSecond: 500, seconds: 15 }),
    attempts: 500,
    judge: (after) => [only(after, 400, 408, 503), growth(after, BODY_BUDGET_MIB + BESIDE_BUDGET_MIB)],
  },
  {
    name: 'deep-json',
    about: 'JSON of a million brackets or members wherever a stranger can put it',
    onslaught: () => ({ attack: 'deepJson', count: 4, perSecond: 12, seconds: 10 }),
    attempts: 50,
    judge: (after) => [only(after, 200, 400, 413, 429), answeredAll(after), growth(after, BODY_BUDGET_MIB)],
  },
  {
    name: 'replays',
    about: 'one onion, again and again, 32 at once',
    onslaught: () => ({ attack: 'replays', count: 32, perSecond: 500, seconds: 8 }),
    attempts: 1_500,
    judge: (after) => [only(after, 200, 400), answeredAll(after), growth(after)],
  },
  {
    name: 'low-order-keys',
    about: 'onions under keys of small order, with each cipher',
    onslaught: () => ({ attack: 'lowOrderKeys', count: 32, perSecond: 1_000, seconds: 8 }),
    attempts: 3_000,
    judge: (after) => {
      const others = counted(after, 'attempted') - counted(after, 'invalid_ciphertext');
      return [only(after, 400), exactly('answers other than `Invalid ciphertext`', 0, others), growth(after)];
    },
  },
];
