import { isIPv4 } from 'node:net';
import { InvalidArgumentError, Option } from 'commander';
import type { NodeState } from '#protocol';
import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { addDraftOptions, changeDraft } from './draft-change.js';
import type { DraftOptions } from './draft-change.js';
import { NetworkFolder } from './network-folder.js';
import { checkedKey } from './public-key.js';

interface Options extends DraftOptions {
  readonly ip: string;
  readonly httpsPort: number;
  readonly peerPort: number;
  readonly state: NodeState;
}

const DEFAULT_HTTPS_PORT = 22_021;
const DEFAULT_PEER_PORT = 22_020;

export const addNetworkAdd: AddCommand = (parent, world) => {
  const command = parent.command('add').description('add a node to the next list, or change its entry');
  command.argument('<key>', "the node's Ed25519 public key (starling keys show)");
  command.requiredOption('--ip <address>', 'its public IPv4 address', readAddress);
  command.option('--https-port <port>', 'its public port', readPort, DEFAULT_HTTPS_PORT);
  command.option('--peer-port <port>', 'its port for other nodes', readPort, DEFAULT_PEER_PORT);
  command.addOption(
    new Option('--state <state>', 'a decommissioned node is in no swarm')
      .choices(['active', 'decommissioned'])
      .default('active'),
  );
  addDraftOptions(command);
  finish<Options>(command, world, async (_context, options, [key = '']) => {
    const { ip, httpsPort, peerPort, state } = options;
    const node = { ed25519: checkedKey(key), ip, httpsPort, peerPort, state };
    return changeDraft(await NetworkFolder.open(options.dir), { put: [node] }, options);
  });
};

function readAddress(text: string): string {
  if (isIPv4(text)) return text;
  throw new InvalidArgumentError('an IPv4 address such as 203.0.113.7.');
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError('a port from 1 to 65535.');
}
