import type { Colors } from './panels.js';

/** Green is as it should be, blue neither good nor bad, red is a fault of this node or of one it needs. */
export const STORES: Colors = {
  new: 'green',
  held: 'blue',
  full_owner: 'yellow',
  full_inboxes: 'orange',
  full_redis: 'red',
  unavailable: 'dark-red',
};

export const FORWARDS: Colors = {
  done: 'green',
  refused: 'yellow',
  timeout: 'orange',
  unreachable: 'red',
  not_asked: 'purple',
  unreadable: 'dark-red',
};

export const STATUSES: Colors = { '2xx': 'green', '4xx': 'yellow', '5xx': 'red', other: 'purple' };
export const CALLS: Colors = { answered: 'green', busy: 'orange', fault: 'red' };
export const PUSHES: Colors = { sent: 'green', lost: 'orange' };
export const AUDITS: Colors = { sound: 'green', mended: 'orange', dropped: 'red' };
export const NODES: Colors = { reachable: 'green', unreachable: 'orange' };
export const READINGS: Colors = { ok: 'green', refused: 'red', unavailable: 'orange' };
