import { noblePrimitives, type Primitives } from '#protocol';
import { nodePrimitives } from './node-primitives.js';
import { selfTest } from './self-test.js';
import { sodiumPrimitives } from './sodium-primitives.js';

/**
 * The fastest back end this machine can load, checked against the portable one before anything relies on it.
 * `name` says which it is. Throws CryptoSelfTestError: better no service than one that seals with wrong keys.
 */
export function nativePrimitives(): Primitives {
  const chosen = sodiumPrimitives() ?? nodePrimitives();
  selfTest(chosen, noblePrimitives);
  return chosen;
}
