import type { AddCommand } from '../command.js';
import { addDevnetDown } from './down.command.js';
import { addDevnetStart } from './start.command.js';
import { addDevnetStatus } from './status.command.js';
import { addDevnetStop } from './stop.command.js';
import { addDevnetUp } from './up.command.js';

export const devnetCommands: readonly AddCommand[] = [
  addDevnetUp,
  addDevnetDown,
  addDevnetStatus,
  addDevnetStart,
  addDevnetStop,
];
