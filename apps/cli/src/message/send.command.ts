import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { AccountShelf } from '../account/account-shelf.js';
import { connect } from './connect.js';
import { addNetworkOptions, whichNetwork } from './which-network.js';
import type { NetworkOptions } from './which-network.js';

interface Options extends NetworkOptions {
  readonly as?: string;
}

export const addSend: AddCommand = (parent, world) => {
  const command = parent.command('send').description('send a message');
  command.argument('<to>', 'Account ID of the recipient, or the name of an account on this machine');
  command.argument('<text...>', 'the message');
  command.option('--as <name>', 'account to send as (default: the only one)');
  addNetworkOptions(command);
  finish<Options>(command, world, async ({ env, terminal }, options, [to = '', ...words]) => {
    const shelf = new AccountShelf(env, options.dir);
    const { account, name } = await shelf.chosen(options.as);
    const recipientId = await shelf.idOf(to);
    const network = await whichNetwork(env, options);
    const { client, close } = await connect({ env, terminal, network });
    const progress = terminal.progress('sending');
    try {
      const sent = await client.send(account, recipientId, words.join(' '), { displayName: name });
      const { hash, swarmId, answers, sentMs } = sent;
      const kept = answers.filter(({ outcome }) => outcome === 'kept' || outcome === 'already').length;
      return {
        json: {
          hash,
          swarm_id: swarmId.padStart(16, '0'),
          sent_ms: sentMs,
          kept_by: kept,
          members: answers.length,
          answers,
        },
        lines: [`Sent: ${kept} of ${answers.length} members of swarm ${swarmId} keep it.`],
      };
    } finally {
      progress.end();
      await close();
    }
  });
};
