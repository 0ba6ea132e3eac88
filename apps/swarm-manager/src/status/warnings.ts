import type { Surface } from '../reachability/surfaces.js';
import type { TwinSign } from '../twin/twin-evidence.js';
import type { NodeStatus } from './node-status.js';

/** `critical`: clients are turned away, or soon will be. `warning`: look at it today. */
export type Severity = 'critical' | 'warning';

export interface Warning {
  readonly id: string;
  readonly severity: Severity;
  /** What is wrong, in one sentence, and what to do about it, in another. */
  readonly text: string;
  readonly remedy: string;
}

/** Time enough for administrators to sign another list. */
const EXPIRES_SOON_MS = 7 * 86_400_000;
/** One node that is down is its own affair; of so many the fault is likely here. */
const FEW_PEERS = 2;

const PORT_OF: Readonly<Record<Surface, string>> = { public: 'public port', peer: 'peer port' };
const OPEN_IT = 'open the port in the firewall, forward it to this node, and compare address and ports with the list';
const SET_CLOCK = 'set the clock of this machine, and keep it right with NTP (chrony, systemd-timesyncd)';

/** What is wrong with a node, the worst first. `untested`: surfaces that nobody tested for too long. */
export function warningsOf(status: Omit<NodeStatus, 'warnings'>, untested: readonly Surface[]): readonly Warning[] {
  const found = [
    ...ofTwin(status),
    ...ofList(status),
    ...ofPlace(status),
    ...ofClock(status),
    ...ofSurfaces(status, untested),
    ...ofOthers(status),
  ];
  return [...found.filter(({ severity }) => severity === 'critical'), ...found.filter(isWarning)];
}

const isWarning = ({ severity }: Warning): boolean => severity === 'warning';

const TWIN_SIGNS: Readonly<Record<TwinSign, string>> = {
  own_address: 'it answers at the address of this one',
  visitor: 'it asked this one',
  peers: 'other nodes were asked by both',
};

function* ofTwin({ twin }: Omit<NodeStatus, 'warnings'>): Iterable<Warning> {
  if (!twin.found || twin.how === null) return;
  yield {
    id: 'twin',
    severity: 'critical',
    text: `Another live node has the key of this one: ${TWIN_SIGNS[twin.how]}.`,
    remedy: 'stop one of both, or give it a key of its own; as they are, each loses messages that the other is sent',
  };
}

function* ofList(status: Omit<NodeStatus, 'warnings'>): Iterable<Warning> {
  const { epoch, list_problem: problem, list_expires_in_ms: expiresInMs } = status;
  if (epoch === null) {
    yield {
      id: 'no_list',
      severity: 'critical',
      text: `There is no list of the network${problem === null ? '' : `: ${problem}`}.`,
      remedy: 'see that SWARM_MANAGER_LIST names a list which the administrators of this network have signed',
    };
    return;
  }
  if (problem !== null) {
    yield {
      id: 'list_problem',
      severity: 'warning',
      text: `The list that can be read now is not taken: ${problem.replace(/\.$/, '')}.`,
      remedy: 'correct the list, or where it is read from; the last good one stays in force',
    };
  }
  if (expiresInMs === null || expiresInMs > EXPIRES_SOON_MS) return;
  const remedy = 'have the administrators sign another list (starling network renew)';
  if (expiresInMs <= 0)
    yield { id: 'list_expired', severity: 'critical', text: 'The list of the network has expired.', remedy };
  else
    yield {
      id: 'list_expires_soon',
      severity: 'warning',
      text: 'The list of the network expires within a week.',
      remedy,
    };
}

function* ofPlace({ epoch, state, swarm_id: swarmId }: Omit<NodeStatus, 'warnings'>): Iterable<Warning> {
  if (epoch === null) return;
  const remedy = 'have the administrators put this node into the list (starling network add)';
  if (state === 'unlisted')
    yield { id: 'not_active', severity: 'warning', text: 'This node is not in the list of the network.', remedy };
  else if (state === 'decommissioned')
    yield { id: 'not_active', severity: 'warning', text: 'This node is decommissioned: it serves nobody.', remedy };
  else if (swarmId === null)
    yield { id: 'in_no_swarm', severity: 'warning', text: 'The list gives this node no swarm.', remedy };
}

function* ofClock({ clock }: Omit<NodeStatus, 'warnings'>): Iterable<Warning> {
  if (clock.state === 'ok' || clock.state === 'unknown') return;
  const seconds = Math.abs(clock.offset_ms ?? 0) / 1_000;
  const way = (clock.offset_ms ?? 0) < 0 ? 'behind' : 'ahead of';
  const text = `The clock of this machine is ${seconds.toFixed(1)} s ${way} the median of ${clock.peers} other nodes`;
  const isStopped = clock.state === 'not_ready';
  yield {
    id: 'clock_offset',
    severity: isStopped ? 'critical' : 'warning',
    text: isStopped ? `${text}: clients are turned away.` : `${text}.`,
    remedy: SET_CLOCK,
  };
}

function* ofSurfaces(
  { seen_by_peers: seen }: Omit<NodeStatus, 'warnings'>,
  untested: readonly Surface[],
): Iterable<Warning> {
  for (const surface of ['public', 'peer'] as const) {
    const { reached, failed } = seen[surface];
    if (failed > reached) {
      yield {
        id: `not_reached_${surface}`,
        severity: reached === 0 && failed >= FEW_PEERS ? 'critical' : 'warning',
        text: `${failed} of ${reached + failed} nodes asked do not reach the ${PORT_OF[surface]} of this one.`,
        remedy: OPEN_IT,
      };
    }
    if (untested.includes(surface)) {
      yield {
        id: `not_tested_${surface}`,
        severity: 'warning',
        text: `No other node has tested the ${PORT_OF[surface]} of this one for two minutes or more.`,
        remedy: OPEN_IT,
      };
    }
  }
}

function* ofOthers({ peers: { reachable, unreachable } }: Omit<NodeStatus, 'warnings'>): Iterable<Warning> {
  if (unreachable < FEW_PEERS || unreachable <= reachable) return;
  yield {
    id: 'peers_unreachable',
    severity: 'warning',
    text: `${unreachable} of ${reachable + unreachable} other nodes cannot be reached from here.`,
    remedy: 'allow connections outwards to the ports of all nodes of the list',
  };
}
