import type { AddCommand } from '../command.js';
import { addKeysExport } from './export.command.js';
import { addKeysImport } from './import.command.js';
import { addKeysNew } from './new.command.js';
import { addKeysShow } from './show.command.js';

export const keysCommands: readonly AddCommand[] = [addKeysNew, addKeysShow, addKeysExport, addKeysImport];
