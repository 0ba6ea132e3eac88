/**
 * Plays one attack, in a process of its own so that neither the honest client nor what watches the node is disturbed.
 *
 * usage: attacker NAME TARGET_JSON, with an IPC channel: sends the report, at the latest when its time has long been over.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { Tally, type Attack, type Target } from './attacks/attack.js';
import { headerFlood, oversizedAnnounced, oversizedChunked, uploads } from './attacks/floods.js';
import { gossip } from './attacks/gossip.js';
import { handshakes, renegotiation } from './attacks/handshakes.js';
import { deepBencode, strangers } from './attacks/peers.js';
import { outsideEndless, outsideSilent } from './attacks/outside.js';
import { deepJson, lowOrderKeys, replays, sourceFlood } from './attacks/posts.js';
import { portScan } from './attacks/scan.js';
import { halfOpenTls, idle, keptAlive, silent, slowBodies, slowHeaders } from './attacks/slow.js';

const ATTACKS = {
  deepBencode,
  deepJson,
  gossip,
  halfOpenTls,
  handshakes,
  headerFlood,
  idle,
  keptAlive,
  lowOrderKeys,
  outsideEndless,
  outsideSilent,
  oversizedAnnounced,
  oversizedChunked,
  portScan,
  renegotiation,
  replays,
  silent,
  slowBodies,
  slowHeaders,
  sourceFlood,
  strangers,
  uploads,
} as const;

export type AttackName = keyof typeof ATTACKS;

/** In life an attacker brings a machine of its own: here node and honest client come first, ten to one. */
const LESS_IMPORTANT_BY = 10;
const LEAST_IMPORTANT = 19;
/** Where the system shares its time among sessions first, this is what counts; we have one of our own. */
const OWN_SESSION = '/proc/self/autogroup';

/** For the end of what the attacker leaves, on a busy machine. */
const LAST_WORDS_MS = 2_000;

const [name = '', target = ''] = process.argv.slice(2);
const attack = (ATTACKS as Readonly<Record<string, Attack | undefined>>)[name];
if (attack === undefined || process.send === undefined) throw new Error('usage: attacker NAME TARGET_JSON, as a fork');
setPriority(Math.min(LEAST_IMPORTANT, getPriority() + LESS_IMPORTANT_BY));
if (existsSync(OWN_SESSION)) writeFileSync(OWN_SESSION, `${LESS_IMPORTANT_BY}`);
const stop = new AbortController();
process.once('disconnect', () => process.exit(1)); // whoever started us is gone
const plan = JSON.parse(target) as Target;
const tally = new Tally();
const tooLate = pause(plan.seconds * 1_000 + plan.patienceMs + LAST_WORDS_MS).then(() => stop.abort());
await Promise.race([attack(plan, stop.signal, tally), tooLate]);
process.send(tally.report, () => process.exit(0));
