import { board, type Board } from './board.js';
import { halfAndMost, inAll, perSecond, SERVICES } from './expressions.js';
import { machinePanels } from './machine.js';
import { course, figure, lines, share } from './panels.js';

const QUARTER_OF_AN_HOUR = 900;
const WEEK = 7 * 86_400;

const state = [
  figure({
    title: 'Services',
    about: 'The worst replica of each. Down: no answer on the admin port. Not ready: it runs and cannot do its work.',
    queries: [
      {
        expr: `min by (job) (service_ready{${SERVICES}} or on (job, instance) up{${SERVICES}} - 1)`,
        legend: '{{job}}',
      },
    ],
    words: {
      [-1]: { text: 'down', color: 'red' },
      0: { text: 'not ready', color: 'red' },
      1: { text: 'ready', color: 'green' },
    },
    width: 7,
  }),
  figure({
    title: 'Alerts',
    about: 'How many fire. Each has a page in docs/operators/alerts.',
    queries: [{ expr: 'count(ALERTS{alertstate="firing"}) or vector(0)', legend: 'firing' }],
    steps: ['green', [1, 'red']],
    width: 3,
  }),
  figure({
    title: 'Last tested by others',
    about: 'Since another node last asked whether we answer, on each of our ports. A quarter of an hour is too long.',
    queries: [{ expr: 'starling:ping_age_seconds', legend: '{{transport}}' }],
    unit: 's',
    steps: ['green', [QUARTER_OF_AN_HOUR, 'red']],
    whenNone: 'never',
    width: 5,
  }),
  figure({
    title: 'Our swarm',
    about: 'Members, ourselves included. With less than three a message has few copies; with 0 we hold none.',
    queries: [{ expr: 'max(swarm_manager_swarm_members)', legend: 'members' }],
    steps: ['red', [1, 'orange'], [3, 'green']],
    width: 3,
  }),
  figure({
    title: 'Network',
    about: 'Nodes in the list that is in force.',
    queries: [{ expr: 'max(swarm_manager_nodes)', legend: 'nodes' }],
    steps: ['red', [1, 'blue']],
    width: 3,
  }),
  figure({
    title: 'List expires in',
    about: 'After that no node trusts it; the administrators sign the next one. A week is little.',
    queries: [{ expr: 'max(swarm_manager_list_expires_timestamp_seconds) - time()', legend: 'in' }],
    unit: 's',
    steps: ['red', [0, 'orange'], [WEEK, 'green']],
    width: 3,
  }),
];

const work = [
  share({
    title: 'Memory of Redis',
    about: 'Of what it may use. Above 80 % there is an alert, from 90 % on large accounts get nothing more.',
    queries: [{ expr: 'starling:redis_memory_used:ratio', legend: 'used' }],
    steps: ['green', [0.8, 'orange'], [0.9, 'red']],
    whenNone: 'no limit',
    width: 4,
  }),
  figure({
    title: 'Running for',
    about: 'Since the youngest process of each service began.',
    queries: [{ expr: `min by (job) (time() - process_start_time_seconds{${SERVICES}})`, legend: '{{job}}' }],
    unit: 's',
    width: 8,
  }),
  figure({
    title: 'Messages taken',
    about: 'New ones, in the time that is shown.',
    queries: [{ expr: inAll('storage_stores_total{outcome="new"}'), legend: 'new' }],
    decimals: 0,
    width: 4,
  }),
  figure({
    title: 'Messages refused',
    about: 'For want of room in Redis or since it did not answer, in the time that is shown.',
    queries: [{ expr: inAll('storage_stores_total{outcome=~"full_.*|unavailable"}'), legend: 'refused' }],
    decimals: 0,
    steps: ['green', [1, 'red']],
    width: 4,
  }),
  figure({
    title: 'Nodes out of reach',
    about: 'Other nodes that did not answer our last test. More than half of all is more likely our own fault.',
    queries: [{ expr: 'sum(swarm_manager_peers{state="unreachable"})', legend: 'nodes' }],
    steps: ['green', [1, 'orange']],
    whenNone: 'none tested',
    width: 4,
  }),
];

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
    width: 12,
  }),
  lines({
    title: 'Passed on to our swarm',
    about: 'By what the other members answered. Above 10 % of anything but `done` ReplicationFailing waits.',
    queries: [{ expr: perSecond('storage_forwards_total', 'outcome'), legend: '{{outcome}}' }],
    unit: 'reqps',
    isStacked: true,
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
      { panels: [...state, ...work] },
      { title: 'Alerts', panels: alerts },
      { title: 'Clients', panels: clients },
      { title: 'Messages', panels: messages },
      { title: 'Network', panels: network },
      { title: 'Machine', panels: machinePanels() },
    ],
  });
