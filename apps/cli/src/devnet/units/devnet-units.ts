import { Problem } from '../../problems.js';
import { runningNodes } from '../devnet-file.js';
import type { Devnet } from '../devnet-file.js';
import { natsUnit } from './nats-unit.js';
import { nodeUnit } from './node-unit.js';
import { redisUnit } from './redis-unit.js';
import type { Unit } from './unit.js';

/** The servers that we run for a devnet; those that were given are not among them. */
export function serverUnits(devnet: Devnet): Unit[] {
  return [redisUnit(devnet), natsUnit(devnet)].filter((unit) => unit !== null);
}

export function nodeUnits(devnet: Devnet): Unit[] {
  return runningNodes(devnet).map((node) => nodeUnit(devnet, node));
}

/** Throws Problem when the devnet has no such unit. */
export function unitNamed(devnet: Devnet, name: string): Unit {
  const units = [...nodeUnits(devnet), ...serverUnits(devnet)];
  const unit = units.find((each) => each.name === name);
  if (unit) return unit;
  throw new Problem(`This devnet has no ${name}: it has ${units.map((each) => each.name).join(', ')}.`);
}
