import { freePort, type NetworkOptions } from '#testing';
import { ATTACKED } from './arena.js';
import type { AttackName } from './attacker.js';
import type { AbuseCase } from './cases.js';
import { answeredAll, growth, only } from './content-cases.js';

/** One answer may hold 10; what was read of those before lies about until the collector comes, after 32 or a little more. */
const ENDLESS_MIB = 60;

interface OutsideCase extends Pick<AbuseCase, 'name' | 'about' | 'attempts'> {
  readonly attack: AttackName;
  readonly count: number;
  readonly perSecond: number;
  readonly growthMiB: number;
}

/** Calls to servers that mean harm. */
export const outsideCases: readonly AbuseCase[] = [
  outsideCase({
    name: 'outside-endless',
    about: 'calls to a server whose answer never ends',
    attack: 'outsideEndless',
    count: 1,
    perSecond: 2,
    attempts: 10,
    growthMiB: ENDLESS_MIB,
  }),
  outsideCase({
    name: 'outside-silent',
    about: '200 calls at once to a server that never answers',
    attack: 'outsideSilent',
    count: 200,
    perSecond: 200,
    attempts: 200,
    growthMiB: 80,
  }),
];

/** The outside server is the attacker's own. */
function outsideCase({ name, about, attempts, growthMiB, ...plan }: OutsideCase): AbuseCase {
  let port = 0;
  return {
    name,
    about,
    attempts,
    network: async (): Promise<NetworkOptions> => {
      port = await freePort();
      return { networkFile: { nodes: [{ name: ATTACKED }], outside_allow: [`127.0.0.1:${port}`] } };
    },
    onslaught: () => ({ ...plan, seconds: 12, patienceMs: 15_000, more: { port: `${port}` } }),
    judge: (after) => [only(after, 502, 503, 504), answeredAll(after), growth(after, growthMiB)],
  };
}
