import { board, type Board } from './board.js';
import { halfAndMost, happening, inAll, perSecond, within } from './expressions.js';
import { machinePanels } from './machine.js';
import { AUDITS, CALLS, FORWARDS, STORES } from './outcome-colors.js';
import { figure, lines, share } from './panels.js';

const now = [
  share({
    title: 'Memory of Redis',
    about: 'Of what it may use. Above 80 % there is an alert, from 90 % on large accounts get nothing more.',
    queries: [{ expr: 'starling:redis_memory_used:ratio', legend: 'used' }],
    steps: ['green', [0.8, 'orange'], [0.9, 'red']],
    whenNone: 'no limit',
    width: 4,
  }),
  share({
    title: 'Places taken',
    about:
      'Calls that the busiest replica works on, of as many as it has places for: at 100 % further ones are refused.',
    queries: [{ expr: 'max(bus_places_taken_ratio{job="storage"})', legend: 'taken' }],
    steps: ['green', [0.7, 'orange'], [0.95, 'red']],
    width: 4,
  }),
  figure({
    title: 'Replicas',
    about: 'Processes of storage that answer on their admin port.',
    queries: [{ expr: 'sum(up{job="storage"})', legend: 'replicas' }],
    steps: ['red', [1, 'green']],
    width: 4,
  }),
  figure({
    title: 'Our swarm',
    about: 'Members as storage knows them, ourselves included: as many copies a message has.',
    queries: [{ expr: 'max(storage_swarm_members)', legend: 'members' }],
    steps: ['red', [1, 'orange'], [3, 'green']],
    width: 4,
  }),
  figure({
    title: 'Not carried out by others',
    about: 'Of all that was passed on to members of our swarm, over five minutes. Above 10 % ReplicationFailing waits.',
    queries: [{ expr: 'starling:forwards_failed:ratio_rate5m', legend: 'failed' }],
    unit: 'percentunit',
    steps: ['green', [0.1, 'red']],
    whenNone: 'nothing sent',
    width: 4,
  }),
  figure({
    title: 'Damaged messages',
    about: 'Found in the time that is shown, by looking at each again: fetched anew from another member, or dropped.',
    queries: [{ expr: inAll('storage_audited_total{outcome=~"mended|dropped"}'), legend: 'damaged' }],
    decimals: 0,
    steps: ['green', [1, 'red']],
    width: 4,
  }),
];

const messages = [
  lines({
    title: 'Stores',
    about: 'By what became of them here: new, held already, refused since Redis, the account or the inboxes are full.',
    queries: [{ expr: perSecond('storage_stores_total', 'outcome'), legend: '{{outcome}}' }],
    unit: 'reqps',
    isStacked: true,
    colors: STORES,
    width: 8,
  }),
  lines({
    title: 'What comes and what goes',
    about: 'New messages, and expired ones that were freed. Two to four weeks after a start both are about the same.',
    queries: [
      { expr: perSecond('storage_stores_total{outcome="new"}'), legend: 'new' },
      { expr: perSecond('storage_purged_total'), legend: 'freed' },
    ],
    unit: 'reqps',
    width: 8,
  }),
  lines({
    title: 'Memory of Redis over time',
    about: 'Used, and the limit; 0 where there is none. Of several servers of a cluster the sum.',
    queries: [{ expr: 'max by (what) (storage_redis_memory_bytes)', legend: '{{what}}' }],
    unit: 'bytes',
    width: 8,
  }),
];

const requests = [
  lines({
    title: 'Requests',
    about: 'By method, those that members of the swarm pass on included.',
    queries: [{ expr: happening('storage_handling_seconds_count', 'method'), legend: '{{method}}' }],
    unit: 'reqps',
    isStacked: true,
    width: 8,
  }),
  lines({
    title: 'Time of most requests',
    about: '99 of 100 are answered within, by method.',
    queries: [{ expr: within(0.99, 'storage_handling_seconds', '', 'method'), legend: '{{method}}' }],
    unit: 's',
    width: 8,
  }),
  lines({
    title: 'Answers other than 200',
    about: 'By status. 500 is our fault or says that too few members keep a message, 421 that another swarm is meant.',
    queries: [{ expr: happening('storage_handling_seconds_count{status!="200"}', 'status'), legend: '{{status}}' }],
    unit: 'reqps',
    isStacked: true,
    width: 8,
  }),
  lines({
    title: 'Calls',
    about: 'What relays ask on NATS: answered, busy (no place left), fault (a handler failed).',
    queries: [{ expr: perSecond('bus_calls_total{job="storage"}', 'outcome'), legend: '{{outcome}}' }],
    unit: 'reqps',
    isStacked: true,
    colors: CALLS,
    width: 8,
  }),
  lines({
    title: 'Calls at work',
    about: 'In all replicas.',
    queries: [{ expr: 'sum(bus_calls_running{job="storage"})', legend: 'calls' }],
    unit: 'none',
    width: 8,
  }),
  lines({
    title: 'Subscriptions asked for',
    about: 'By clients of streams; and new messages that relays were told of, since somebody watches for them.',
    queries: [
      { expr: perSecond('storage_monitor_total', 'outcome'), legend: '{{outcome}}' },
      { expr: perSecond('storage_told_total'), legend: 'told' },
    ],
    unit: 'reqps',
    width: 8,
  }),
];

const replication = [
  lines({
    title: 'Passed on to our swarm',
    about: 'By what the other members answered. not_asked: one that failed lately is left alone for a while.',
    queries: [{ expr: perSecond('storage_forwards_total', 'outcome'), legend: '{{outcome}}' }],
    unit: 'reqps',
    isStacked: true,
    colors: FORWARDS,
    width: 8,
  }),
  lines({
    title: 'Share not carried out',
    about: 'Over five minutes. Above 10 % ReplicationFailing waits.',
    queries: [{ expr: 'starling:forwards_failed:ratio_rate5m', legend: 'failed' }],
    unit: 'percentunit',
    limit: 0.1,
    width: 8,
  }),
  lines({
    title: 'Time of a store',
    about: 'The other members included: at most 2.5 s, since nobody waits longer for one that hangs.',
    queries: halfAndMost('store', 'storage_handling_seconds', 'method="store"'),
    unit: 's',
    width: 8,
  }),
];

const upkeep = [
  lines({
    title: 'Messages looked at again',
    about: 'sound, mended (fetched anew from another member) or dropped. Anything but sound is a fault of the machine.',
    queries: [{ expr: perSecond('storage_audited_total', 'outcome'), legend: '{{outcome}}' }],
    unit: 'reqps',
    isStacked: true,
    colors: AUDITS,
    width: 12,
  }),
  lines({
    title: 'Expired messages freed',
    about: '0 for hours while messages expire is a fault.',
    queries: [{ expr: perSecond('storage_purged_total'), legend: 'freed' }],
    unit: 'reqps',
    width: 12,
  }),
];

/** What is kept, and whether the whole swarm keeps it. */
export const storageAndReplication = (): Board =>
  board({
    uid: 'starling-storage',
    title: 'Starling: storage and replication',
    about: 'What is kept, what is asked for, and whether the whole swarm has it.',
    sections: [
      { panels: now },
      { title: 'Messages', panels: messages },
      { title: 'Requests', panels: requests },
      { title: 'Replication', panels: replication },
      { title: 'Upkeep', panels: upkeep },
      { title: 'Machine', panels: machinePanels('job="storage"') },
    ],
  });
