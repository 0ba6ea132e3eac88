import { connect as connectTcp } from 'node:net';
import type { ServerRecipe } from './servers/server.js';
import { startServer } from './servers/start-server.js';

const PROBE_TIMEOUT_MS = 2_000;

/** One subject space with its one user. */
export interface NatsAccount {
  readonly user: string;
  readonly password: string;
}

export interface NatsOptions {
  /** Without any, the server asks for no credentials. */
  readonly accounts?: readonly NatsAccount[];
  /** Our services need 12 MB; less is for tests of what they say about it. */
  readonly maxPayload?: string;
}

export interface TestNats {
  readonly url: string;
  readonly port: number;
  /** For good. */
  readonly stop: () => Promise<void>;
  /** Ends the server in order (if it runs) and starts it again on the same address. Returns when it answers. */
  readonly restart: () => Promise<void>;
  /** Ends the server as a power cut would and leaves it so; `restart` brings it back. */
  readonly kill: () => Promise<void>;
}

/** A real NATS server for one test file. */
export async function startNats(options: NatsOptions = {}): Promise<TestNats> {
  const given = process.env.STARLING_NATS_URL;
  if (given && !options.accounts && !options.maxPayload) {
    return {
      url: given,
      port: Number(new URL(given).port || 4_222),
      stop: () => Promise.resolve(),
      restart: notOurs,
      kill: notOurs,
    };
  }
  const { server, port, restart } = await startServer(recipeOf(options), greets);
  return { url: `nats://127.0.0.1:${port}`, port, stop: () => server.remove(), restart, kill: () => server.kill() };
}

function recipeOf({ accounts, maxPayload = '12MB' }: NatsOptions): ServerRecipe {
  const spaces = (accounts ?? []).map(
    ({ user, password }, index) =>
      `  N${index}: { users: [{ user: ${JSON.stringify(user)}, password: ${JSON.stringify(password)} }] }`,
  );
  return {
    binaries: ['nats-server'],
    image: 'nats:2-alpine',
    containerPort: 4_222,
    configFile: 'nats.conf',
    config: ({ port, host }) =>
      [
        `listen: "${host}:${port}"`,
        `max_payload: ${maxPayload}`,
        ...(spaces.length > 0 ? ['accounts: {', ...spaces, '}'] : []),
        '',
      ].join('\n'),
    args: (configPath) => ['-c', configPath],
  };
}

/** A NATS server speaks first: `INFO {...}`. */
function greets(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ port, host: '127.0.0.1', timeout: PROBE_TIMEOUT_MS });
    const fail = (cause: Error): void => {
      socket.destroy();
      reject(cause);
    };
    socket.once('error', fail);
    socket.once('timeout', () => fail(new Error('no greeting')));
    socket.once('close', () => fail(new Error('closed without a greeting')));
    socket.once('data', (greeting) => {
      if (!greeting.toString('latin1').startsWith('INFO ')) {
        fail(new Error('this is no NATS server'));
        return;
      }
      resolve();
      socket.destroy();
    });
  });
}

function notOurs(): Promise<never> {
  return Promise.reject(new Error('the server of STARLING_NATS_URL is not ours to stop: unset it for this test'));
}
