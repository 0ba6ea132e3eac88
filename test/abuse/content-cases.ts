import { freePort, type NetworkOptions } from '#testing';
import { ATTACKED, counted, unharmed, type Aftermath, type Arena } from './arena.js';
import type { AttackName } from './attacker.js';
import type { AbuseCase } from './cases.js';
import { atLeast, atMost, exactly, type Finding } from './finding.js';

/** What the collector may leave lying about, and the pages of a busy process. */
const COLLECTOR_MIB = 80;
/** The relay's budget for bodies in all, and what it may need beside it. */
const BODY_BUDGET_MIB = 256;
const BESIDE_BUDGET_MIB = 150;
/** The longest body, and the blocks that are on their way when it is refused. */
const MOST_TAKEN_BYTES = 24 * 1024 * 1024;

const growth = ({ growthMiB }: Aftermath, limit = COLLECTOR_MIB): Finding =>
  atMost('resident growth of the relay, MiB', limit, growthMiB);

/** All requests of the attack had one of these answers. */
const only = (after: Aftermath, ...statuses: number[]): Finding[] => {
  const known = statuses.reduce((sum, status) => sum + counted(after, `status_${status}`), 0);
  const seen = known === counted(after, 'requests') ? '' : ` (${JSON.stringify(after.report)})`;
  return [
    atLeast('requests', 1, counted(after, 'requests')),
    exactly(`requests answered otherwise than ${statuses.join(', ')}${seen}`, 0, counted(after, 'requests') - known),
  ];
};

/** What a request holds. */
export const contentCases: readonly AbuseCase[] = [
  {
    name: 'header-flood',
    about: 'heads of a thousand headers, 50 at once',
    run: async (arena) => {
      const after = await arena.suffer({ attack: 'headerFlood', count: 50, seconds: 8 });
      return [...only(after, 431), growth(after), ...unharmed(after)];
    },
  },
  {
    name: 'oversized-announced',
    about: 'bodies of 64 MiB that say so, 20 at once',
    run: async (arena) => {
      const after = await arena.suffer({ attack: 'oversizedAnnounced', count: 20, seconds: 8 });
      return [...only(after, 413), growth(after), ...unharmed(after)];
    },
  },
  {
    name: 'oversized-chunked',
    about: 'bodies of 64 MiB in chunks, 10 at once',
    run: async (arena) => {
      const after = await arena.suffer({ attack: 'oversizedChunked', count: 10, seconds: 8 });
      const taken = counted(after, 'most_bytes_taken') / 1024 / 1024;
      return [
        ...only(after, 413),
        atMost('most of one body taken, MiB', MOST_TAKEN_BYTES / 1024 / 1024, taken),
        growth(after, BODY_BUDGET_MIB),
        ...unharmed(after),
      ];
    },
  },
  {
    name: 'uploads',
    about: '500 bodies of 10 MiB at once',
    run: async (arena) => {
      const after = await arena.suffer({ attack: 'uploads', count: 500, seconds: 15 });
      return [...only(after, 400, 408, 503), growth(after, BODY_BUDGET_MIB + BESIDE_BUDGET_MIB), ...unharmed(after)];
    },
  },
  {
    name: 'deep-json',
    about: 'JSON of a million brackets or members wherever a stranger can put it',
    run: async (arena) => {
      const after = await arena.suffer({ attack: 'deepJson', count: 4, seconds: 10 });
      return [...only(after, 200, 400, 413, 429), growth(after, BODY_BUDGET_MIB), ...unharmed(after)];
    },
  },
  {
    name: 'replays',
    about: 'one onion, again and again, 32 at once',
    run: async (arena) => {
      const after = await arena.suffer({ attack: 'replays', count: 32, seconds: 8 });
      return [...only(after, 200, 400), growth(after), ...unharmed(after)];
    },
  },
  {
    name: 'low-order-keys',
    about: 'onions under keys of small order, with each cipher',
    run: async (arena) => {
      const after = await arena.suffer({ attack: 'lowOrderKeys', count: 32, seconds: 8 });
      return [
        ...only(after, 400),
        exactly(
          'answers other than `Invalid ciphertext`',
          0,
          counted(after, 'requests') - counted(after, 'invalid_ciphertext'),
        ),
        growth(after),
        ...unharmed(after),
      ];
    },
  },
  outsideCase('outside-endless', 'calls to a server whose answer never ends', 'outsideEndless', 4),
  outsideCase('outside-silent', 'calls to a server that never answers', 'outsideSilent', 200),
];

/** T2: the outside server is the attacker's own. */
function outsideCase(name: string, about: string, attack: AttackName, count: number): AbuseCase {
  let port = 0;
  return {
    name,
    about,
    network: async (): Promise<NetworkOptions> => {
      port = await freePort();
      return { networkFile: { nodes: [{ name: ATTACKED }], outside_allow: [`127.0.0.1:${port}`] } };
    },
    run: async (arena: Arena) => {
      const after = await arena.suffer({ attack, count, seconds: 15, more: { port: `${port}` } });
      return [...only(after, 502, 503, 504), growth(after), ...unharmed(after)];
    },
  };
}
