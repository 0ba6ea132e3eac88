import { join, resolve } from 'node:path';
import { readConfig } from '#platform';
import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { composeSchema } from '../config/compose-settings.js';
import { prepareCredentials } from './credentials.js';
import { givenNetwork, networkOfOne } from './network.js';
import { keepTrust } from './trust-files.js';

interface Options {
  readonly dir: string;
}

/**
 * `starling prepare` lays out what the services of a composition start from, each part in a folder of its own: `node`
 * (key and signed list), `administrator` (of a network of one), `trust` (whose signatures count), `nats` and `redis`
 * (credentials). What is there is kept.
 */
export const addPrepare: AddCommand = (parent, world) => {
  const command = parent.command('prepare').description('lay out what a node in containers starts from');
  command.option('--dir <folder>', 'where to lay it out', '/setup');
  finish<Options>(command, world, async ({ env }, { dir: given }) => {
    const own = Object.entries(env).filter(([name]) => Object.hasOwn(composeSchema.shape, name));
    const settings = readConfig(composeSchema, '', Object.fromEntries(own));
    const dir = resolve(given);
    const folders = { node: join(dir, 'node'), administrator: join(dir, 'administrator') };
    const network = await (settings.NETWORK === undefined && settings.ADMINS === undefined
      ? networkOfOne(folders, {
          ip: settings.PUBLIC_IP,
          httpsPort: settings.HTTPS_PORT,
          peerPort: settings.PEER_PORT,
        })
      : givenNetwork(folders, {
          network: settings.NETWORK,
          admins: settings.ADMINS,
          required: settings.ADMINS_REQUIRED,
        }));
    await keepTrust(join(dir, 'trust'), network.trust);
    const passwords = await prepareCredentials(dir, {
      nats: settings.NATS_PASSWORD,
      redis: settings.REDIS_PASSWORD,
    });
    const made = [...network.made, ...passwords];
    return {
      json: { network: network.trust.network, made },
      lines: [
        `Network ${network.trust.network}: everything that the services start from is in ${dir}.`,
        ...made.map((what) => `Made: ${what}.`),
      ],
    };
  });
};
