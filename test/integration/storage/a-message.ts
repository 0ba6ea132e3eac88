import { createHash } from 'node:crypto';
import type { NewMessage } from '../../../apps/storage/src/mailbox/mailboxes.js';

const HOUR_MS = 3_600_000;

/** A message whose name is what it says; it lives for an hour from `nowMs` on. */
export function aMessage(name: string, nowMs: number, changes: Partial<NewMessage> = {}): NewMessage {
  const hash = createHash('sha256').update(name).digest('base64').slice(0, -1);
  const times = { timestampMs: nowMs, expiryMs: nowMs + HOUR_MS };
  return { hash, namespace: 0, ...times, data: Buffer.from(name), replaces: false, ...changes };
}
