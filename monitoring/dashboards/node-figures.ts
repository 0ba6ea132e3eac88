import { inAll, SERVICES } from './expressions.js';
import { figure, share } from './panels.js';

const QUARTER_OF_AN_HOUR = 900;
const WEEK = 7 * 86_400;

/** Whether the node works, and in what network. */
export const state = [
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
    width: 8,
  }),
  figure({
    title: 'Alerts',
    about: 'How many fire. Each has a page in docs/operators/alerts.',
    queries: [{ expr: 'count(ALERTS{alertstate="firing"}) or vector(0)', legend: 'firing' }],
    steps: ['green', [1, 'red']],
    width: 3,
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
    title: 'Out of reach',
    about: 'Other nodes that did not answer our last test. More than half of all is more likely our own fault.',
    queries: [{ expr: 'sum(swarm_manager_peers{state="unreachable"})', legend: 'nodes' }],
    steps: ['green', [1, 'orange']],
    whenNone: 'none tested',
    width: 3,
  }),
  figure({
    title: 'List expires in',
    about: 'After that no node trusts it; the administrators sign the next one. A week is little.',
    queries: [{ expr: 'max(swarm_manager_list_expires_timestamp_seconds) - time()', legend: 'in' }],
    unit: 's',
    steps: ['red', [0, 'orange'], [WEEK, 'green']],
    width: 4,
  }),
];

/** How others see it, and how full it is. */
export const standing = [
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
    title: 'Reached by others',
    about:
      'Of the nodes that we asked how they see us, and that tested us lately: those that reached us, on each port.',
    queries: [
      {
        expr:
          'sum by (surface) (swarm_manager_peer_views{outcome="reached"}) ' +
          '/ sum by (surface) (swarm_manager_peer_views)',
        legend: '{{surface}}',
      },
    ],
    unit: 'percentunit',
    steps: ['red', [0.5, 'orange'], [0.9, 'green']],
    whenNone: 'not known',
    width: 4,
  }),
  figure({
    title: 'Clock off by',
    about: 'Against the median of other nodes, ahead or behind. Above 8 s for two minutes this node does not serve.',
    queries: [{ expr: 'max(abs(swarm_manager_clock_offset_seconds))', legend: 'off by' }],
    unit: 's',
    steps: ['green', [2, 'orange'], [5, 'red']],
    whenNone: 'not known',
    width: 3,
  }),
  figure({
    title: 'Our key',
    about: 'Twice: another live node has the same key, which breaks both. Stop one of them.',
    queries: [{ expr: 'max(swarm_manager_twin_found)', legend: 'twin' }],
    words: { 0: { text: 'once', color: 'green' }, 1: { text: 'twice', color: 'red' } },
    width: 3,
  }),
  share({
    title: 'Memory of Redis',
    about: 'Of what it may use. Above 80 % there is an alert, from 90 % on large accounts get nothing more.',
    queries: [{ expr: 'starling:redis_memory_used:ratio', legend: 'used' }],
    steps: ['green', [0.8, 'orange'], [0.9, 'red']],
    whenNone: 'no limit',
    width: 3,
  }),
  figure({
    title: 'Messages taken',
    about: 'New ones, in the time that is shown.',
    queries: [{ expr: inAll('storage_stores_total{outcome="new"}'), legend: 'new' }],
    decimals: 0,
    width: 3,
  }),
  figure({
    title: 'Refused',
    about: 'Messages, for want of room in Redis or since it did not answer, in the time that is shown.',
    queries: [{ expr: inAll('storage_stores_total{outcome=~"full_.*|unavailable"}'), legend: 'refused' }],
    decimals: 0,
    steps: ['green', [1, 'red']],
    width: 3,
  }),
];
