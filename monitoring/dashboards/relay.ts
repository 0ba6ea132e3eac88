import { board, type Board } from './board.js';
import { halfAndMost, happening, perSecond, within } from './expressions.js';
import { machinePanels } from './machine.js';
import { PUSHES, STATUSES } from './outcome-colors.js';
import { figure, lines } from './panels.js';

/** Outcomes of a layer that was carried out: for our swarm, for the next node, for an outside server. */
const CARRIED_OUT = 'final|relay_node|relay_server';

/** Of a relay that is one process the second does not exist. */
const RESTARTS =
  'sum(changes(process_start_time_seconds{job="relay"}[$__range])) + ' +
  '(sum(increase(relay_worker_restarts_total[$__range])) or vector(0))';

const now = [
  figure({
    title: 'State',
    about: 'Of the worst replica. Not ready: it has no list of the network, or nobody to ask on NATS.',
    queries: [{ expr: 'min(service_ready{job="relay"})', legend: 'state' }],
    words: { 0: { text: 'not ready', color: 'red' }, 1: { text: 'ready', color: 'green' } },
    width: 3,
  }),
  figure({
    title: 'At work',
    about: 'Requests, in all processes of the relay. Each has places for 1,000 and refuses further ones.',
    queries: [{ expr: 'sum(relay_requests_in_flight)', legend: 'requests' }],
    width: 3,
  }),
  figure({
    title: 'Waiting',
    about: 'Requests that wait for a connection to another node.',
    queries: [{ expr: 'sum(relay_waiting_requests)', legend: 'requests' }],
    width: 3,
  }),
  figure({
    title: 'Handshakes',
    about: 'Connections of the public port whose handshake has not begun: they take turns.',
    queries: [{ expr: 'sum(relay_handshakes_waiting)', legend: 'connections' }],
    width: 3,
  }),
  figure({
    title: 'Streams',
    about: 'Open ones of clients.',
    queries: [{ expr: 'sum(relay_stream_connections)', legend: 'streams' }],
    width: 3,
  }),
  figure({
    title: 'Subscriptions',
    about: 'What the streams subscribed to.',
    queries: [{ expr: 'sum(relay_stream_subscriptions)', legend: 'subscriptions' }],
    width: 3,
  }),
  figure({
    title: 'Sources',
    about: 'Addresses that are being counted for a limit at this moment. None is ever named.',
    queries: [{ expr: 'sum(relay_limited_sources)', legend: 'sources' }],
    width: 3,
  }),
  figure({
    title: 'Restarts',
    about: 'Of processes and workers, in the time that is shown.',
    queries: [{ expr: RESTARTS, legend: 'restarts' }],
    decimals: 0,
    steps: ['green', [1, 'orange']],
    width: 3,
  }),
];

const onions = [
  lines({
    title: 'Layers by sender',
    about: 'From clients whose path begins here, and from nodes before us on a path.',
    queries: [{ expr: perSecond('relay_onions_total', 'source'), legend: '{{source}}' }],
    unit: 'reqps',
    isStacked: true,
    width: 8,
  }),
  lines({
    title: 'Layers carried out',
    about: 'For our swarm (final), for the next node (relay_node), for an outside server (relay_server).',
    queries: [{ expr: perSecond(`relay_onions_total{outcome=~"${CARRIED_OUT}"}`, 'outcome'), legend: '{{outcome}}' }],
    unit: 'reqps',
    isStacked: true,
    width: 8,
  }),
  lines({
    title: 'Layers not carried out',
    about: 'By the reason. storage_unavailable, not_ready and busy are ours, the others of the sender or the next hop.',
    queries: [{ expr: happening(`relay_onions_total{outcome!~"${CARRIED_OUT}"}`, 'outcome'), legend: '{{outcome}}' }],
    unit: 'reqps',
    isStacked: true,
    width: 8,
  }),
  lines({
    title: 'Time of most layers',
    about: '99 of 100 are answered within, by what was done; whatever comes behind us on the path is part of it.',
    queries: [{ expr: within(0.99, 'relay_onion_seconds', '', 'kind'), legend: '{{kind}}' }],
    unit: 's',
    width: 8,
  }),
  lines({
    title: 'Time of half of the layers',
    about: 'Half are answered within, by what was done.',
    queries: [{ expr: within(0.5, 'relay_onion_seconds', '', 'kind'), legend: '{{kind}}' }],
    unit: 's',
    width: 8,
  }),
  lines({
    title: 'Ciphers',
    about: 'Of the layers; none where a layer could not be read.',
    queries: [{ expr: perSecond('relay_onions_total', 'enc_type'), legend: '{{enc_type}}' }],
    unit: 'reqps',
    isStacked: true,
    width: 8,
  }),
];

const others = [
  lines({
    title: 'Requests without an onion',
    about: 'Of clients, by the class of the answer. 5xx is our fault.',
    queries: [{ expr: perSecond('relay_rpc_total{source="client"}', 'status'), legend: '{{status}}' }],
    unit: 'reqps',
    isStacked: true,
    colors: STATUSES,
    width: 8,
  }),
  lines({
    title: 'Requests of members of our swarm',
    about: 'By the class of the answer.',
    queries: [{ expr: perSecond('relay_rpc_total{source="peer"}', 'status'), legend: '{{status}}' }],
    unit: 'reqps',
    isStacked: true,
    colors: STATUSES,
    width: 8,
  }),
  lines({
    title: 'Time without an onion',
    about: 'From a whole request to its answer.',
    queries: [
      ...halfAndMost('clients', 'relay_rpc_seconds', 'source="client"'),
      ...halfAndMost('members', 'relay_rpc_seconds', 'source="peer"'),
    ],
    unit: 's',
    width: 8,
  }),
];

const doors = [
  lines({
    title: 'Refused unread',
    about: 'By the reason: not_ready, rate (one source too often), header, too_large, busy (no place left), bandwidth.',
    queries: [{ expr: happening('relay_refusals_total', 'reason'), legend: '{{reason}}' }],
    unit: 'reqps',
    isStacked: true,
    width: 8,
  }),
  lines({
    title: 'Turned away',
    about:
      'Connections of the public port, those that gave way to others, strangers on the port for nodes, onions that came twice.',
    queries: [
      { expr: perSecond('relay_connections_refused_total'), legend: 'connections' },
      { expr: perSecond('relay_connections_gave_way_total'), legend: 'gave way' },
      { expr: perSecond('relay_strangers_total'), legend: 'strangers' },
      { expr: perSecond('relay_replays_total'), legend: 'replays' },
    ],
    unit: 'reqps',
    width: 8,
  }),
  lines({
    title: 'Bodies',
    about: 'Bytes that came and went, without heads and TLS.',
    queries: [
      { expr: perSecond('relay_received_bytes_total'), legend: 'received' },
      { expr: perSecond('relay_sent_bytes_total'), legend: 'sent' },
    ],
    unit: 'Bps',
    width: 8,
  }),
  lines({
    title: 'Bandwidth',
    about: 'What all connections moved, in and out together, with heads and TLS; and the limit (RELAY_MAX_MBIT).',
    queries: [
      { expr: perSecond('relay_line_bytes_total'), legend: 'moved' },
      { expr: 'sum(relay_line_limit_bytes)', legend: 'limit (0: none)' },
    ],
    unit: 'Bps',
    width: 12,
  }),
  lines({
    title: 'Bandwidth by other side',
    about: 'Clients (public), nodes that call us (peer) and that we call (next_hop), servers outside of the network.',
    queries: [
      {
        expr: perSecond('relay_line_bytes_total', 'surface', 'direction'),
        legend: '{{surface}} {{direction}}',
      },
    ],
    unit: 'Bps',
    isStacked: true,
    width: 12,
  }),
];

const streams = [
  lines({
    title: 'Pushes',
    about: 'New messages that subscribers were told of. Lost: the client had gone or did not read.',
    queries: [{ expr: perSecond('relay_stream_pushes_total', 'outcome'), legend: '{{outcome}}' }],
    unit: 'reqps',
    isStacked: true,
    colors: PUSHES,
    width: 8,
  }),
  lines({
    title: 'Streams that we ended',
    about: 'By the reason.',
    queries: [{ expr: happening('relay_stream_endings_total', 'reason'), legend: '{{reason}}' }],
    unit: 'reqps',
    isStacked: true,
    width: 8,
  }),
  lines({
    title: 'Bytes in memory',
    about: 'Bodies of requests and answers at work, and what waits for clients of streams to read it.',
    queries: [
      { expr: 'sum(relay_body_bytes_held)', legend: 'bodies' },
      { expr: 'sum(relay_stream_waiting_bytes)', legend: 'streams' },
    ],
    unit: 'bytes',
    width: 8,
  }),
];

/** The public door and the port for nodes. */
export const relay = (): Board =>
  board({
    uid: 'starling-relay',
    title: 'Starling: relay',
    about: 'What comes in on the public port and on the port for nodes, and what becomes of it.',
    sections: [
      { panels: now },
      { title: 'Onions', panels: onions },
      { title: 'Without an onion', panels: others },
      { title: 'At the door', panels: doors },
      { title: 'Streams', panels: streams },
      { title: 'Machine', panels: machinePanels('job="relay"') },
    ],
  });
