import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { findServers } from './find-servers.js';
import { describeSource } from './server-source.js';

export const addServers: AddCommand = (parent, world) => {
  const command = parent.command('servers').description('find or install Redis and NATS, and say which are used');
  finish(command, world, async ({ env, terminal }) => {
    const { redis, nats } = await findServers(env, terminal);
    return {
      json: { redis, nats },
      lines: [`Redis  ${describeSource(redis)}`, `NATS   ${describeSource(nats)}`],
    };
  });
};
