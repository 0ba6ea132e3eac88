import { basename } from 'node:path';
import type { LogFields } from './log.js';

/** Enough to find the line and who called it. */
const FRAMES = 3;
const FRAME = /\(?((?:file:\/\/|node:|\/)[^()\s]+:\d+:\d+)\)?$/;

/**
 * What a log line says about a fault: its class, a system's error code, and where it was thrown. Not its message, which
 * may quote what a request brought.
 */
export function faultFields(cause: unknown): Pick<LogFields, 'name' | 'at'> {
  if (!(cause instanceof Error)) return { name: typeof cause };
  const hasCode = 'code' in cause && typeof cause.code === 'string' && /^[A-Z0-9_]+$/.test(cause.code);
  const name = hasCode ? `${cause.name} ${String(cause.code)}` : cause.name;
  const at = places(cause.stack ?? '');
  return at === '' ? { name } : { name, at };
}

/** `file.js:10:5 < caller.js:20:3` */
function places(stack: string): string {
  const frames = stack.split('\n').map((line) => FRAME.exec(line)?.[1]);
  return frames
    .filter((place) => place !== undefined)
    .slice(0, FRAMES)
    .map((place) => basename(place))
    .join(' < ');
}
