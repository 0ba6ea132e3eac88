/**
 * Plays one attack, in a process of its own so that neither the honest client nor what watches the node is disturbed.
 *
 * usage: attacker NAME TARGET_JSON, with an IPC channel: takes `stop`, sends the report.
 */
import { setPriority } from 'node:os';
import type { Attack, Target } from './attacks/attack.js';
import { headerFlood, oversizedAnnounced, oversizedChunked, uploads } from './attacks/floods.js';
import { handshakeBurst, renegotiation } from './attacks/handshakes.js';
import { deepBencode, strangers } from './attacks/peers.js';
import { deepJson, lowOrderKeys, outsideCalls, replays, sourceFlood } from './attacks/posts.js';
import { portScan } from './attacks/scan.js';
import { halfOpenTls, idle, slowBodies, slowHeaders } from './attacks/slow.js';

const ATTACKS = {
  deepBencode,
  deepJson,
  halfOpenTls,
  handshakeBurst,
  headerFlood,
  idle,
  lowOrderKeys,
  outsideCalls,
  oversizedAnnounced,
  oversizedChunked,
  portScan,
  renegotiation,
  replays,
  slowBodies,
  slowHeaders,
  sourceFlood,
  strangers,
  uploads,
} as const;

export type AttackName = keyof typeof ATTACKS;

/** In life an attacker brings a machine of its own: here it only gets what node and honest client leave. */
const LOWEST_PRIORITY = 19;

const [name = '', target = ''] = process.argv.slice(2);
const attack = (ATTACKS as Readonly<Record<string, Attack | undefined>>)[name];
if (attack === undefined || process.send === undefined) throw new Error('usage: attacker NAME TARGET_JSON, as a fork');
setPriority(LOWEST_PRIORITY);
const stop = new AbortController();
process.once('message', () => stop.abort());
process.once('disconnect', () => process.exit(1)); // whoever started us is gone
const report = await attack(JSON.parse(target) as Target, stop.signal);
process.send(report, () => process.exit(0));
