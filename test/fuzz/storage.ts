import { randomBytes } from 'node:crypto';
import { nativePrimitives, SystemClock } from '#platform';
import { startNetwork } from '#testing';
import { mutate, mutateBlindly } from './mutate.js';
import { NodeWatch } from './node-watch.js';
import { Random } from './random.js';
import type { Finding, FuzzOptions, FuzzResult } from './result.js';
import { StorageRequests } from './storage-requests.js';
import { StorageLane, WAYS, type Answer, type Input } from './storage-ways.js';
import { Dict, toBencode, toJson, type Tree } from './tree.js';

const SWARM = '2000000000000000';
/** Requests under way; each lane comes from an address of its own. */
const LANES = 16;
/** After so many answers the node's log is looked at. */
const LOOK_EVERY = 64;
/** Which input a line of the log is about is not known: these were the last. */
const LAST_INPUTS = 2 * LOOK_EVERY;

/** Mutated requests of every method, every way in, to one node of a swarm of two. */
export async function fuzzStorage({ seconds, seed }: FuzzOptions): Promise<FuzzResult> {
  const memberSeed = randomBytes(32);
  const member = { name: 'member', seed: memberSeed.toString('hex'), swarm: SWARM };
  const network = await startNetwork({ networkFile: { nodes: [{ name: 'target', swarm: SWARM }, member] } });
  const target = network.node('target');
  const watch = new NodeWatch(target);
  const primitives = nativePrimitives();
  const clock = new SystemClock();
  const requests = new StorageRequests(primitives, () => clock.now(), new Random(seed));
  const end = performance.now() + seconds * 1_000;
  const last: Input[] = [];
  const statuses = new Map<number, number>();
  let findings: readonly Finding[] = [];
  let sent = 0;

  const run = async (lane: StorageLane): Promise<void> => {
    while (findings.length === 0 && performance.now() < end) {
      const index = sent++;
      const input = inputOf(requests, new Random(seed, index));
      last.push(input);
      if (last.length > LAST_INPUTS) last.shift();
      let answer: Answer | undefined;
      let problem: string | undefined;
      try {
        answer = await lane.send(input);
        problem = wrongIn(answer);
      } catch (cause) {
        problem = `no answer: ${cause instanceof Error ? `${cause.name} ${cause.message}` : 'unknown'}`;
      }
      if (answer !== undefined) statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (answer?.status === 200) learn(requests, answer.text);
      if (problem !== undefined) findings = [{ problem, inputs: [input] }];
      else if (index % LOOK_EVERY === 0) findings = lookAt(watch, last);
    }
  };
  try {
    const lanes = Array.from({ length: LANES }, (_, lane) => new StorageLane(target, memberSeed, primitives, lane));
    await Promise.all(lanes.map(run));
    if (findings.length === 0) findings = lookAt(watch, last);
    await Promise.all(lanes.map((lane) => lane.close()));
    return { inputs: sent, findings, answers: Object.fromEntries(statuses) };
  } finally {
    await network.stop();
  }
}

function lookAt(watch: NodeWatch, inputs: readonly Input[]): Finding[] {
  const problems = watch.problems();
  return problems.length === 0 ? [] : [{ problem: problems.join('\n'), inputs: [...inputs] }];
}

/** No input is a reason for a 500, in the answer or in a part of it; 429 and 503 would mean that we test the limits. */
function wrongIn({ status, text }: Answer): string | undefined {
  if (status >= 500 || status === 429) return `status ${status}: ${text.slice(0, 300)}`;
  return /"code":5\d\d|4:codei5\d\de/.test(text) ? `a part failed: ${text.slice(0, 300)}` : undefined;
}

function learn(requests: StorageRequests, text: string): void {
  const hash = /"hash":"([A-Za-z0-9+/]{43})"/.exec(text)?.[1];
  if (hash !== undefined) requests.learn(hash);
}

/** A few valid ones are among them: they fill the mailboxes. */
function inputOf(requests: StorageRequests, random: Random): Input {
  const way = random.of(WAYS);
  const { method, params } = way === 'peer' ? requests.forwarded(random) : requests.next(random);
  let tree: Tree = way === 'https' || way === 'onion' ? Dict.of({ method, params }) : params;
  const mutations = random.of([0, 1, 1, 1, 2, 3]);
  for (let turn = 0; turn < mutations; turn += 1) tree = mutate(tree, random);
  const inBencode = way === 'peer' || (way === 'stream' && random.chance(0.5));
  let body = inBencode ? toBencode(tree) : Buffer.from(toJson(tree));
  if (mutations > 0 && random.chance(0.25)) body = mutateBlindly(body, random);
  return { way, method: mutations > 0 && random.chance(0.03) ? method.slice(1) : method, body };
}
