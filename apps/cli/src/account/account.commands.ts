import type { AddCommand } from '../command.js';
import { addAccountNew } from './new.command.js';
import { addAccountRestore } from './restore.command.js';
import { addAccountShow } from './show.command.js';

export const accountCommands: readonly AddCommand[] = [addAccountNew, addAccountRestore, addAccountShow];
