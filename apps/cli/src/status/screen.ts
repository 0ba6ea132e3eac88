import { countOf } from '../terminal/count-of.js';
import { tableLines } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';
import type { NodeReading, ServiceStatus } from './read-status.js';
import type { Rates } from './rates.js';
import type { Standing } from '../running/standing.js';

type Colors = Terminal['colors'];

const KEY_WIDTH = 12;
const LABEL_WIDTH = 9;
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** One screen about a node. What is unknown is left out, or said to be. */
export function screenLines({ services, standing, redis }: NodeReading, rates: Rates | null, colors: Colors): string[] {
  return [
    ...(standing === null
      ? [labelled('node', 'no standing: the swarm-manager does not answer')]
      : standingLines(standing)),
    ...(rates === null ? [] : rateLines(rates)),
    ...(redis === null ? [] : [labelled('redis', memoryWords(redis))]),
    '',
    ...serviceLines(services, colors),
    ...problemLines(services, colors),
    ...warningLines(standing, colors),
  ];
}

const labelled = (label: string, text: string): string => `${label.padEnd(LABEL_WIDTH)}${text}`;
const known = (parts: readonly (string | null)[]): string => parts.filter((part) => part !== null).join(', ');

function standingLines(standing: Standing): string[] {
  const { key, state, serving, version, uptime_ms: uptimeMs, peers, clock } = standing;
  return [
    labelled(
      'node',
      known([
        key === null ? null : `${key.slice(0, KEY_WIDTH)}…`,
        state,
        serving === null ? null : serving ? 'serving' : 'not serving',
        version === null ? null : `version ${version}`,
        uptimeMs === null ? null : `up ${timeWords(uptimeMs)}`,
      ]),
    ),
    labelled('list', listWords(standing)),
    labelled('swarm', standing.swarm_id === null ? 'in none' : known([standing.swarm_id, members(standing)])),
    ...memberLines(standing),
    ...(peers === null ? [] : [labelled('peers', `${peers.reachable} reachable, ${peers.unreachable} not`)]),
    ...testedLines(standing),
    ...(clock === null ? [] : [labelled('clock', clockWords(clock))]),
  ];
}

function listWords({ epoch, nodes, list_expired: isExpired, list_expires_in_ms: leftMs }: Standing): string {
  if (epoch === null) return 'none yet';
  const expiry = leftMs === null || leftMs < 0 ? null : `expires in ${timeWords(leftMs)}`;
  return known([`number ${epoch}`, nodes === null ? null : countOf(nodes, 'node'), isExpired ? 'expired' : expiry]);
}

const members = ({ swarm_members: count }: Standing): string | null =>
  count === null ? null : countOf(count, 'member');

function memberLines({ swarm }: Standing): string[] {
  return (swarm ?? []).map(({ ed25519, self, reachable, tested_age_ms: ageMs, answer_ms: answerMs }) => {
    const reached = reachable === null ? 'not tested yet' : reachable ? 'reached' : 'not reached';
    const age = ageMs === null ? null : `${timeWords(ageMs)} ago`;
    const test = known([age === null ? reached : `${reached} ${age}`, answerMs === null ? null : `in ${answerMs} ms`]);
    return labelled('', `${ed25519.slice(0, KEY_WIDTH)}…  ${self ? 'this node' : test}`);
  });
}

/** Who reached this node, as they say. */
function testedLines({ tested, seen_by_peers: seen }: Standing): string[] {
  if (tested === null) return [];
  const age = (ageMs: number | null): string => (ageMs === null ? 'never' : `${timeWords(ageMs)} ago`);
  const lines = [labelled('tested', `public port ${age(tested.public.age_ms)}, peer port ${age(tested.peer.age_ms)}`)];
  if (seen !== null && seen.asked > 0) {
    const of = ({ reached, failed }: { reached: number; failed: number }): string =>
      `${reached} of ${reached + failed}`;
    lines.push(
      labelled(
        '',
        `${seen.answered} of ${seen.asked} peers told: ${of(seen.public)} reach the public port, ${of(seen.peer)} the peer port`,
      ),
    );
  }
  return lines;
}

function clockWords({ state, offset_ms: offsetMs, peers, reason }: NonNullable<Standing['clock']>): string {
  if (offsetMs === null) return reason ?? state;
  const seconds = (Math.abs(offsetMs) / 1_000).toFixed(1);
  return `${state}: ${seconds} s ${offsetMs < 0 ? 'behind' : 'ahead of'} the median of ${countOf(peers, 'node')}`;
}

function rateLines(rates: Rates): string[] {
  const rate = (value: number | null, what: string): string | null =>
    value === null ? null : `${perSecond(value)} ${what}`;
  const bytes = (value: number | null, what: string): string | null =>
    value === null ? null : `${byteWords(value)}/s ${what}`;
  return [
    ['onions', [rate(rates.onions_of_clients, 'of clients'), rate(rates.onions_of_nodes, 'of nodes')]],
    [
      'requests',
      [rate(rates.requests, 'of clients'), rate(rates.requests_of_nodes, 'of nodes'), rate(rates.refused, 'refused')],
    ],
    ['messages', [rate(rates.stores, 'stored')]],
    ['bytes', [bytes(rates.bytes_in, 'in'), bytes(rates.bytes_out, 'out')]],
  ].flatMap(([label, parts]) => {
    const text = known(parts as (string | null)[]);
    return text === '' ? [] : [labelled(label as string, text)];
  });
}

function memoryWords({ used_bytes: used, limit_bytes: limit }: NonNullable<NodeReading['redis']>): string {
  if (limit === 0) return `${byteWords(used)} of memory, without a limit`;
  return `${byteWords(used)} of ${byteWords(limit)} (${Math.round((used / limit) * 100)} %)`;
}

/** Services that share a process share its memory, which is shown once. */
function serviceLines(services: readonly ServiceStatus[], colors: Colors): string[] {
  const shown = new Set<number>();
  const rows = services.map(({ service, state, pid, memory_bytes: memory }) => {
    const isAgain = pid !== null && shown.has(pid);
    if (pid !== null) shown.add(pid);
    return [
      service,
      state,
      pid === null ? '' : String(pid),
      memory === null ? '' : isAgain ? 'the same' : byteWords(memory),
    ];
  });
  const [heading = '', ...lines] = tableLines(['service', 'state', 'pid', 'memory'], rows);
  return [heading, ...lines.map((line, index) => (services[index]?.state === 'ready' ? line : colors.red(line)))];
}

function problemLines(services: readonly ServiceStatus[], colors: Colors): string[] {
  return services.flatMap(({ service, url, problems }) =>
    problems.map((problem) => colors.red(`${service === 'unknown' ? url : service}: ${problem}`)),
  );
}

function warningLines(standing: Standing | null, colors: Colors): string[] {
  return (standing?.warnings ?? []).flatMap(({ severity, text, remedy }) => {
    const paint = severity === 'critical' ? colors.red : colors.yellow;
    return [`${paint(severity)}  ${text}`, `${' '.repeat(LABEL_WIDTH)}→ ${remedy}`];
  });
}

const perSecond = (value: number): string => `${value > 0 && value < 10 ? value.toFixed(1) : Math.round(value)}/s`;

function byteWords(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power] ?? ''}`;
}

/** In the largest unit of which there are two or more. */
function timeWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const units = [
    [86_400, 'days'],
    [3_600, 'h'],
    [60, 'min'],
  ] as const;
  const [size, name] = units.find(([each]) => seconds >= 2 * each) ?? [1, 's'];
  return `${Math.floor(seconds / size)} ${name}`;
}
