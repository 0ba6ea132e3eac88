import type { AddCommand } from '../command.js';
import { addConfigCheck } from './check.command.js';
import { addConfigSample } from './sample.command.js';

export const configCommands: readonly AddCommand[] = [addConfigCheck, addConfigSample];
