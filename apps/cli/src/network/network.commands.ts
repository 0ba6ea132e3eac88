import type { AddCommand } from '../command.js';
import { addNetworkAdd } from './add.command.js';
import { addNetworkInit } from './init.command.js';
import { addNetworkRemove } from './remove.command.js';
import { addNetworkRenew } from './renew.command.js';
import { addNetworkShow } from './show.command.js';
import { addNetworkSign } from './sign.command.js';

export const networkCommands: readonly AddCommand[] = [
  addNetworkInit,
  addNetworkAdd,
  addNetworkRemove,
  addNetworkRenew,
  addNetworkSign,
  addNetworkShow,
];
