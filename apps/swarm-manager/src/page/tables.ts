import type { MemberStatus, NodeStatus, ViewStatus } from '../status/node-status.js';
import { html, type Html } from './html.js';
import { ago, duration, shortKey } from './in-words.js';

/** A word and a mark beside the colour, for who sees no colours. */
function reachedWord(isReached: boolean | null): Html {
  if (isReached === null) return html`<span class="unknown">not tested</span>`;
  return isReached ? html`<span class="good">✓ reached</span>` : html`<span class="bad">✗ not reached</span>`;
}

/** Wide tables scroll by themselves, also from the keyboard. */
const scrolling = (label: string, table: Html): Html =>
  html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${table}</div>`;

export function standingTable(status: NodeStatus): Html {
  const { tested, seen_by_peers: seen, clock, twin, peers } = status;
  const surface = (name: 'public' | 'peer'): string => {
    const { reached, failed } = seen[name];
    const told =
      reached + failed === 0 ? 'no other node has told yet' : `${reached} of ${reached + failed} nodes asked reach it`;
    const ageMs = tested[name].age_ms;
    return `${told}; ${ageMs === null ? 'not tested yet' : `last tested ${ago(ageMs)}`}`;
  };
  const rows: readonly (readonly [string, string])[] = [
    ['State', `${status.state}, ${status.serving ? 'serving' : 'not serving'}`],
    ['Address', addressOf(status)],
    ['Public port', surface('public')],
    ['Peer port', surface('peer')],
    ['Clock', clockWords(clock)],
    ['Key', twin.found ? 'another live node has it too' : 'no other node with it was seen'],
    ['Swarm', status.swarm_id === null ? 'in none' : `${status.swarm_id}, ${status.swarm_members} members`],
    ['List of the network', listWords(status)],
    ['Other nodes', `${peers.reachable} reached by our last test, ${peers.unreachable} not`],
  ];
  return html`<table>
    <tbody>
      ${rows.map(
        ([name, value]) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td>${value}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

const addressOf = ({ address }: NodeStatus): string =>
  address === null ? 'not listed' : `${address.ip}, ports ${address.https_port} and ${address.peer_port}`;

function clockWords({ state, offset_ms: offsetMs, peers, reason }: NodeStatus['clock']): string {
  if (offsetMs === null) return `not compared: ${reason ?? 'not known'}`;
  const way = offsetMs < 0 ? 'behind' : 'ahead of';
  const words = { ok: 'right', warn: 'off', alert: 'far off', not_ready: 'too far off to serve', unknown: '' }[state];
  return `${words}: ${(Math.abs(offsetMs) / 1_000).toFixed(2)} s ${way} the median of ${peers} nodes`;
}

function listWords({ epoch, nodes, list_expires_in_ms: expiresInMs }: NodeStatus): string {
  if (epoch === null || expiresInMs === null) return 'none yet';
  const expiry = expiresInMs <= 0 ? 'expired' : `expires in ${duration(expiresInMs)}`;
  return `epoch ${epoch}, ${nodes} nodes, ${expiry}`;
}

export function membersTable(members: readonly MemberStatus[]): Html {
  if (members.length === 0) return html`<p>This node is in no swarm.</p>`;
  const row = (member: MemberStatus): Html =>
    html`<tr>
      <th scope="row"><code>${shortKey(member.ed25519)}</code>${member.self ? ' (this node)' : ''}</th>
      <td>${member.ip}</td>
      ${member.self ? html`<td colspan="4">not tested by itself</td>` : testCells(member)}
    </tr>`;
  return scrolling(
    'Members of the swarm',
    html`<table>
      <thead>
        <tr>
          <th scope="col">Node</th>
          <th scope="col">Address</th>
          <th scope="col">Public port</th>
          <th scope="col">Peer port</th>
          <th scope="col">Answer took</th>
          <th scope="col">Tested</th>
        </tr>
      </thead>
      <tbody>
        ${members.map(row)}
      </tbody>
    </table>`,
  );
}

const testCells = (member: MemberStatus): Html =>
  html`<td>${reachedWord(member.public)}</td>
    <td>${reachedWord(member.peer)}</td>
    <td>${member.answer_ms === null ? 'not known' : `${member.answer_ms} ms`}</td>
    <td>${ago(member.tested_age_ms)}</td>`;

export function viewsTable(views: readonly ViewStatus[]): Html {
  if (views.length === 0) return html`<p>No other node has told how it sees this one.</p>`;
  const row = ({ ed25519, observed_ip: ip, test }: ViewStatus): Html =>
    html`<tr>
      <th scope="row"><code>${shortKey(ed25519)}</code></th>
      <td>${reachedWord(test?.public.reached ?? null)}</td>
      <td>${reachedWord(test?.peer.reached ?? null)}</td>
      <td>${test === null ? 'not yet' : ago(test.age_ms)}</td>
      <td>${ip ?? 'not told'}</td>
    </tr>`;
  return scrolling(
    'What other nodes say',
    html`<table>
      <thead>
        <tr>
          <th scope="col">Node</th>
          <th scope="col">Our public port</th>
          <th scope="col">Our peer port</th>
          <th scope="col">Tested</th>
          <th scope="col">Sees us at</th>
        </tr>
      </thead>
      <tbody>
        ${views.map(row)}
      </tbody>
    </table>`,
  );
}
