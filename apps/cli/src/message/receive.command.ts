import { InvalidArgumentError } from 'commander';
import type { Client, ReceivedMessage } from '#client';
import { AccountShelf } from '../account/account-shelf.js';
import type { NamedAccount } from '../account/account-shelf.js';
import { finish } from '../command.js';
import type { AddCommand, Context, Outcome } from '../command.js';
import { untilInterrupted } from '../terminal/interrupt.js';
import type { Terminal } from '../terminal/terminal.js';
import { connect } from './connect.js';
import { PollStateFile } from './poll-state-file.js';
import { addNetworkOptions, whichNetwork } from './which-network.js';
import type { NetworkOptions } from './which-network.js';

interface Options extends NetworkOptions {
  readonly as?: string;
  readonly follow?: boolean;
  readonly every: number;
}

interface ShownMessage {
  readonly from: string;
  readonly name: string | null;
  readonly sent_ms: number;
  readonly text: string | null;
  readonly hash: string;
}

const DEFAULT_EVERY_S = 3;

export const addReceive: AddCommand = (parent, world) => {
  const command = parent.command('receive').description('fetch messages that were not shown before');
  command.option('--as <name>', 'account to receive for (default: the only one)');
  command.option('--follow', 'keep asking until Ctrl-C; with --json one object per message');
  command.option('--every <seconds>', 'with --follow: how often', readSeconds, DEFAULT_EVERY_S);
  addNetworkOptions(command);
  finish<Options>(command, world, receive);
};

async function receive({ env, terminal }: Context, options: Options): Promise<Outcome | undefined> {
  const named = await new AccountShelf(env, options.dir).chosen(options.as);
  const network = await whichNetwork(env, options);
  const pollStates = new PollStateFile(named.file);
  const { client, close } = await connect({ env, terminal, network, pollStates });
  try {
    if (options.follow) {
      await follow(client, named, terminal, options.every);
      return undefined;
    }
    const progress = terminal.progress('asking two members of the swarm');
    const result = await client.poll(named.account).finally(() => progress.end());
    await result.commit();
    const shown = result.messages.map(asShown);
    return { json: { messages: shown }, lines: shown.length === 0 ? ['Nothing new.'] : shown.map(asLine) };
  } finally {
    await close();
  }
}

async function follow(client: Client, { account }: NamedAccount, terminal: Terminal, everyS: number): Promise<void> {
  terminal.note('Waiting for messages; Ctrl-C ends.');
  await untilInterrupted(everyS * 1_000, async () => {
    try {
      const result = await client.poll(account);
      for (const message of result.messages.map(asShown)) {
        terminal.object(message);
        terminal.line(asLine(message));
      }
      await result.commit();
    } catch (cause) {
      // Whoever follows wants to be there when the network is back.
      terminal.note(cause instanceof Error ? cause.message : String(cause));
    }
  });
}

function asShown({ senderId, sentMs, content, hash }: ReceivedMessage): ShownMessage {
  const { dataMessage } = content;
  const name = dataMessage?.profile?.displayName ?? null;
  return { from: senderId, name, sent_ms: sentMs, text: dataMessage?.body ?? null, hash };
}

function asLine({ from, name, sent_ms: sentMs, text }: ShownMessage): string {
  const sender = name ? `${printable(name)} (${from.slice(0, 10)}…)` : from;
  return `${new Date(sentMs).toISOString()}  ${sender}: ${text === null ? '(not a text)' : printable(text)}`;
}

/** What strangers wrote must not steer the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (character) => (character === '\n' ? '\n' : '\uFFFD'));
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds >= 1 && seconds <= 3_600)) throw new InvalidArgumentError('1 to 3600 seconds.');
  return seconds;
}
