import { Socket } from 'node:net';

/** Set by whoever holds the other end of our input for as long as we may run: scripts/lib/run.mjs. */
const isHeld = process.env['STARLING_UNTIL_INPUT_ENDS'] === '1';

/**
 * Calls back when whoever started these tests wants them to end, or has ended itself, whatever ended it. Of signals no
 * test hears: Jest dies of them on the spot.
 */
export function onEndOfInput(then: () => void): void {
  if (isHeld) new Socket({ fd: 0, readable: true, writable: false }).once('close', then).resume().unref();
}
