import { Option } from 'commander';
import type { Command } from 'commander';
import { chosenDevnet } from '../devnet/chosen-devnet.js';
import { Problem } from '../problems.js';

export interface NetworkOptions {
  readonly seed?: string;
  readonly seedCertificate?: string;
  readonly singleHost?: boolean;
  readonly dir?: string;
}

/** How to reach a network. */
export interface NetworkChoice {
  readonly seedUrl: string;
  readonly seedCertificateSha256?: string;
  readonly singleHost: boolean;
}

export function addNetworkOptions(command: Command): void {
  command.option('--dir <folder>', 'folder of the devnet to use (default: the one that runs)');
  command.addOption(new Option('--seed <url>', 'seed of another network').env('STARLING_SEED'));
  command.option('--seed-certificate <sha256>', 'fingerprint of the certificate of a self-signed https seed');
  command.option('--single-host', 'with --seed: its nodes share one machine or one /24 subnet');
}

/** The network that the options name, otherwise the one devnet that runs. Throws Problem. */
export async function whichNetwork(env: NodeJS.ProcessEnv, options: NetworkOptions): Promise<NetworkChoice> {
  const { seed: seedUrl, seedCertificate: certificate, singleHost = false } = options;
  if (seedUrl !== undefined && options.dir === undefined) {
    return { seedUrl, singleHost, ...(certificate === undefined ? {} : { seedCertificateSha256: certificate }) };
  }
  const devnet = await chosenDevnet(env, options.dir);
  if (devnet) return { seedUrl: devnet.seedUrl, singleHost: true };
  throw new Problem('No network runs here: start one with `starling devnet up`, or name a seed with --seed.');
}
