import { join } from 'node:path';
import type { ListTrust } from '#protocol';
import { keepText } from './keep-text.js';

/** One file for each setting of the swarm-manager: `SWARM_MANAGER_NETWORK_FILE` and so on. */
export async function keepTrust(dir: string, { network, admins, required }: ListTrust): Promise<void> {
  await keepText(join(dir, 'network'), `${network}\n`);
  await keepText(join(dir, 'admins'), `${admins.join(',')}\n`);
  await keepText(join(dir, 'admins-required'), `${required}\n`);
}
