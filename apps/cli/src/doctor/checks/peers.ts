import { randomInt } from 'node:crypto';
import type { Clock } from '#platform';
import { isJsonObject, parseJson } from '#protocol';
import type { ListedNode, NetworkList } from '#protocol';
import { countOf } from '../../terminal/count-of.js';
import { ask } from '../../http/ask.js';
import { Metrics } from '../../running/metrics.js';
import type { Standing } from '../../running/standing.js';
import { fail, pass, skip, warn } from '../finding.js';
import type { Finding } from '../finding.js';
import type { NodeFacts } from '../../config/node-facts.js';

/** Enough for a median that one liar does not move, few enough to be no burden. */
const PEERS_ASKED = 7;
/** Requests that clients sign are taken within a minute; from here on something is wrong, below 5 s nobody notices. */
const CLOCK_WARN_MS = 2_000;
const CLOCK_FAIL_MS = 5_000;
/** Not known yet. */
const NO_ADDRESS = '0.0.0.0';

/** A node that answered `info`. */
export interface PeerAnswer {
  readonly node: ListedNode;
  /** How far our clock is ahead of its clock; half of the round trip is taken for the way. */
  readonly aheadMs: number;
  readonly version: readonly number[];
}

export interface AskedPeers {
  readonly asked: number;
  readonly answers: readonly PeerAnswer[];
}

/** Some active nodes of the list besides ourselves, chosen by chance, asked for their time and version. */
export async function askPeers(list: NetworkList | null, selfId: string | null, clock: Clock): Promise<AskedPeers> {
  const others = (list?.nodes ?? []).filter(
    ({ ed25519, ip, state }) => ed25519 !== selfId && ip !== NO_ADDRESS && state === 'active',
  );
  const chosen: ListedNode[] = [];
  while (chosen.length < PEERS_ASKED && others.length > 0) chosen.push(...others.splice(randomInt(others.length), 1));
  const answers = await Promise.all(chosen.map((node) => infoOf(node, clock)));
  return { asked: chosen.length, answers: answers.filter((answer) => answer !== null) };
}

/** docs/protocol/storage-rpc.md §8.12; null when it gives no such answer. */
async function infoOf(node: ListedNode, clock: Clock): Promise<PeerAnswer | null> {
  const url = `https://${node.ip}:${node.httpsPort}/storage_rpc/v1`;
  try {
    const sentMs = clock.now();
    const { status, body } = await ask({ method: 'POST', url, body: '{"method":"info","params":{}}' });
    const middleMs = (sentMs + clock.now()) / 2;
    const info = parseJson(body);
    if (status !== 200 || !isJsonObject(info) || typeof info.t !== 'number' || !Array.isArray(info.version))
      return null;
    return { node, aheadMs: middleMs - info.t, version: info.version.map(Number) };
  } catch {
    return null; // a peer that is away is counted, and is no fault of this node
  }
}

/** As asked from here; where nobody answered, as the swarm-manager found when it asked. */
export function checkClock({ asked, answers }: AskedPeers, told: Standing['clock']): Finding {
  const here = median(answers.map(({ aheadMs }) => aheadMs));
  const ahead = here ?? told?.offset_ms ?? null;
  if (ahead === null) return skip('clock', unasked(asked));
  const compared = here === null ? (told?.peers ?? 0) : answers.length;
  const seconds = (Math.abs(ahead) / 1_000).toFixed(1);
  const says = `${seconds} s ${ahead < 0 ? 'behind' : 'ahead of'} the median of ${countOf(compared, 'node')}`;
  const remedy = 'set the clock of this machine, and keep it right with NTP (chrony, systemd-timesyncd)';
  if (Math.abs(ahead) > CLOCK_FAIL_MS) return fail('clock', says, remedy);
  return Math.abs(ahead) > CLOCK_WARN_MS ? warn('clock', says, remedy) : pass('clock', says);
}

/** What this node reports against what others report. */
export function checkVersion({ version }: NodeFacts, { asked, answers }: AskedPeers): Finding {
  if (version === null) return skip('version', 'the settings of the relay do not say it');
  const sorted = answers.map((answer) => answer.version).toSorted(compare);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) return skip('version', unasked(asked));
  const says = `reports ${version.join('.')}; the median of ${countOf(sorted.length, 'node')} is ${middle.join('.')}`;
  const remedy = 'upgrade; the network may stop taking old versions';
  return compare(version, middle) < 0 ? warn('version', says, remedy) : pass('version', says);
}

/** Nodes that this one cannot work with, because they are more than one version ahead. docs/protocol/peer.md §9 */
export function newerNodes(relayMetrics: string | null): Finding[] {
  const wanted = { relation: 'newer', outcome: 'refused' };
  const refused = new Metrics(relayMetrics ?? '').value('peer_other_version_messages_total', wanted) ?? 0;
  if (refused === 0) return [];
  const says = `the relay refused ${countOf(refused, 'message')} of nodes whose peer contract is too new for it`;
  return [warn('newer nodes', says, 'upgrade this node: to them it is unreachable')];
}

const unasked = (asked: number): string =>
  asked === 0 ? 'there is no other node to compare with' : `none of ${countOf(asked, 'node')} answered`;

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? null : (upper + lower) / 2;
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (const index of [0, 1, 2]) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
