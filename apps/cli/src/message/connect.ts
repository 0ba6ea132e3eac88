import { randomBytes } from 'node:crypto';
import { Client } from '#client';
import type { PollStateStore, TraceObserver } from '#client';
import { nativePrimitives, SystemClock } from '#platform';
import type { Terminal } from '../terminal/terminal.js';
import { GuardsFile } from './guards-file.js';
import type { NetworkChoice } from './which-network.js';

export interface Connection {
  readonly client: Client;
  /** Remembers the guards and closes connections. */
  readonly close: () => Promise<void>;
}

export interface ConnectOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  readonly network: NetworkChoice;
  readonly pollStates?: PollStateStore;
  readonly onTrace?: TraceObserver;
}

/** A client of the network, on this machine's clock and randomness. */
export async function connect({ env, terminal, network, ...rest }: ConnectOptions): Promise<Connection> {
  const guards = new GuardsFile(env, network.seedUrl);
  const progress = terminal.progress('asking the seed for the list of nodes');
  try {
    const client = await Client.connect({
      ...network,
      ...rest,
      random: randomBytes,
      clock: new SystemClock(),
      primitives: nativePrimitives(),
      guards: await guards.load(),
    });
    const close = async (): Promise<void> => {
      await guards.save(client.guards);
      await client.close();
    };
    return { client, close };
  } finally {
    progress.end();
  }
}
