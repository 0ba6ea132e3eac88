import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'undici';
import { counted, type Arena } from './arena.js';
import { secretsOf } from './attacks/gossip.js';
import { SOURCE as ATTACKER_IP } from './attacks/posts.js';
import type { AbuseCase } from './cases.js';
import { answeredAll, growth } from './content-cases.js';
import { atLeast, exactly } from './finding.js';
import { SOURCE as HONEST_IP } from './honest-client.js';

const ANSWER_WITHIN_MS = 10_000;
const ROLES = ['relay', 'storage', 'swarm-manager'] as const;
/** Three services of two nodes each say that they start, and then what they measured. */
const LINES = 500;
const seed = randomBytes(16).toString('hex');

/** What a node writes down while others talk to it. */
export const logCases: readonly AbuseCase[] = [
  {
    name: 'telltale-logs',
    about: 'requests of 97 people, good and broken ones, that logs and metrics must not tell of',
    onslaught: () => ({ attack: 'gossip', count: 16, perSecond: 200, seconds: 8, more: { seed } }),
    attempts: 900,
    judge: async (after, arena) => {
      const written = await writtenIn(arena);
      const told = [...secretsOf(seed), ATTACKER_IP, HONEST_IP].filter((secret) => written.includes(secret));
      return [
        atLeast('requests that were good', 100, counted(after, 'status_200')),
        atLeast('lines of logs and metrics', LINES, written.split('\n').length),
        exactly('accounts, keys, messages, hashes and addresses in them', 0, told.length),
        answeredAll(after),
        growth(after),
      ];
    },
  },
];

/** Logs and metrics of all services of all nodes, and what the bus writes. */
async function writtenIn({ network }: Arena): Promise<string> {
  const logs = network.nodes.flatMap((node) => ROLES.map((role) => node.logFile(role)));
  const files = [...logs, `${network.dir}/nats/nats.log`].filter((file) => existsSync(file));
  const urls = network.nodes.flatMap(({ info }) => Object.values(info.admin_urls ?? {}));
  const metrics = urls.map(async (url) => {
    const answer = await request(`${url}/metrics`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return answer.body.text();
  });
  return [...files.map((file) => readFileSync(file, 'utf8')), ...(await Promise.all(metrics))].join('\n');
}
