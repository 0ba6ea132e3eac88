import { board, type Board } from './board.js';
import { halfAndMost, perSecond } from './expressions.js';
import { machinePanels } from './machine.js';
import { standing, state } from './node-figures.js';
import { FORWARDS, NODES, READINGS, STORES } from './outcome-colors.js';
import { course, lines } from './panels.js';

const firing = (severity: string): string => `max by (alertname) (ALERTS{alertstate="firing", severity="${severity}"})`;

const alerts = [
  course({
    title: 'Alerts over time',
    about: 'What fires, and what will if it lasts. Each has a page in docs/operators/alerts.',
    queries: [
      {
        expr:
          `3 * ${firing('critical')} or 2 * ${firing('warning')} ` +
          'or max by (alertname) (ALERTS{alertstate="pending"})',
        legend: '{{alertname}}',
      },
    ],
    words: {
      1: { text: 'pending', color: 'blue' },
      2: { text: 'warning', color: 'orange' },
      3: { text: 'critical', color: 'red' },
    },
    whenNone: 'none',
    width: 24,
  }),
];

const clients = [
  lines({
    title: 'Requests of clients',
    about: 'Onions that begin or end here, and requests without one.',
    queries: [
      { expr: perSecond('relay_onions_total{source="client"}'), legend: 'onions' },
      { expr: perSecond('relay_rpc_total{source="client"}'), legend: 'without an onion' },
    ],
    unit: 'reqps',
    width: 8,
  }),
  lines({
    title: 'Answers that say we failed',
    about: 'Of all answers to clients, over five minutes. Above 5 % AnswersFailing waits.',
    queries: [{ expr: 'starling:answers_failed:ratio_rate5m', legend: 'failed' }],
    unit: 'percentunit',
    limit: 0.05,
    width: 8,
  }),
  lines({
    title: 'Time to answer',
    about: 'Onions for a member of our swarm and requests without an onion: the whole swarm takes part in a store.',
    queries: [
      ...halfAndMost('onions', 'relay_onion_seconds', 'kind="final"'),
      ...halfAndMost('others', 'relay_rpc_seconds', 'source="client"'),
    ],
    unit: 's',
    width: 8,
  }),
];

const messages = [
  lines({
    title: 'Stores',
    about: 'Stores that reached this node, by what became of them here: new, held already, or refused.',
    queries: [{ expr: perSecond('storage_stores_total', 'outcome'), legend: '{{outcome}}' }],
    unit: 'reqps',
    isStacked: true,
    colors: STORES,
    width: 12,
  }),
  lines({
    title: 'Passed on to our swarm',
    about: 'By what the other members answered. Above 10 % of anything but `done` ReplicationFailing waits.',
    queries: [{ expr: perSecond('storage_forwards_total', 'outcome'), legend: '{{outcome}}' }],
    unit: 'reqps',
    isStacked: true,
    colors: FORWARDS,
    width: 12,
  }),
];

const TESTS = 'swarm_manager_reachability_tests_total';

const network = [
  lines({
    title: 'Other nodes',
    about: 'By what our last test of each said.',
    queries: [{ expr: 'sum by (state) (swarm_manager_peers)', legend: '{{state}}' }],
    unit: 'none',
    isStacked: true,
    colors: NODES,
    width: 8,
  }),
  lines({
    title: 'Tests that failed',
    about:
      'Of our tests of other nodes, on their public port and on the port for nodes, in the time between two points.',
    queries: [
      {
        expr: `${perSecond(`${TESTS}{outcome="failed"}`, 'surface')} / ${perSecond(TESTS, 'surface')}`,
        legend: '{{surface}}',
      },
    ],
    unit: 'percentunit',
    width: 8,
  }),
  lines({
    title: 'Readings of the list',
    about: 'Of the nodes of the network. Refused: it is not signed well or contradicts the last good one.',
    queries: [{ expr: perSecond('swarm_manager_list_reads_total', 'outcome'), legend: '{{outcome}}' }],
    unit: 'reqps',
    isStacked: true,
    colors: READINGS,
    width: 8,
  }),
  lines({
    title: 'Seen by others',
    about: 'Nodes that we asked how they see us, by what their last test of us said, on each of our ports.',
    queries: [{ expr: 'sum by (surface, outcome) (swarm_manager_peer_views)', legend: '{{surface}}: {{outcome}}' }],
    unit: 'none',
    width: 8,
  }),
  lines({
    title: 'Since the last test by others',
    about: 'Over all relays, on each of our ports.',
    queries: [{ expr: 'max by (surface) (swarm_manager_tested_age_seconds)', legend: '{{surface}}' }],
    unit: 's',
    width: 8,
  }),
  lines({
    title: 'Clock',
    about: 'How far ahead of the median of other nodes; behind is below 0.',
    queries: [{ expr: 'max(swarm_manager_clock_offset_seconds)', legend: 'ahead by' }],
    unit: 's',
    isSigned: true,
    width: 8,
  }),
];

/** What somebody looks at first, and in most cases last. */
export const nodeAtAGlance = (): Board =>
  board({
    uid: 'starling-node',
    title: 'Starling: node at a glance',
    about: 'One node: whether it works, what it does, what it needs.',
    sections: [
      { panels: [...state, ...standing] },
      { title: 'Alerts', panels: alerts },
      { title: 'Clients', panels: clients },
      { title: 'Messages', panels: messages },
      { title: 'Network', panels: network },
      { title: 'Machine', panels: machinePanels() },
    ],
  });
