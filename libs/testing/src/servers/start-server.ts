import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { BinaryServer } from './binary-server.js';
import { ContainerServer } from './container-server.js';
import { findBinary } from './find-binary.js';
import { freePort } from './free-port.js';
import type { Server, ServerRecipe } from './server.js';
import { messageOf, waitUntil } from './wait-until.js';

/** `docker info` answers in a fraction of this where an engine runs. */
const PROBE_TIMEOUT_MS = 3_000;
const READY_TIMEOUT_MS = 15_000;

/** How servers are started: `containers` or `binaries`. Set by `npm test`, which then asks and says it once for all. */
const CHOICE_VARIABLE = 'STARLING_TEST_SERVERS';

type ServerKind = 'containers' | 'binaries';

let choice: Promise<ServerKind> | undefined;

export interface RunningServer {
  readonly server: Server;
  readonly port: number;
  /** Starts it again after a stop or a kill, and returns when it answers. */
  readonly restart: () => Promise<void>;
}

/**
 * Runs a server on a free port of 127.0.0.1, in a container where an engine answers and as a program otherwise, and
 * returns when `probe` succeeds. `wanted` is for servers that must reach each other, which containers on fixed ports cannot.
 */
export async function startServer(
  recipe: ServerRecipe,
  probe: (port: number) => Promise<void>,
  wanted?: ServerKind,
): Promise<RunningServer> {
  const port = await freePort();
  const kind = wanted ?? (await (choice ??= chooseKind()));
  const server = await prepareAndStart(kind, recipe, port);
  const ready = async (): Promise<void> => {
    try {
      await waitUntil(`${nameOf(recipe)} on port ${port}`, READY_TIMEOUT_MS, () => probe(port));
    } catch (cause) {
      throw new Error(`${messageOf(cause)}\n${await server.lastWords()}`, { cause });
    }
  };
  try {
    await ready();
  } catch (cause) {
    await server.remove();
    throw cause;
  }
  const restart = async (): Promise<void> => {
    await server.stop();
    await server.start();
    await ready();
  };
  return { server, port, restart };
}

async function prepareAndStart(kind: ServerKind, recipe: ServerRecipe, port: number): Promise<Server> {
  const binary = findBinary(recipe.binaries);
  if (kind === 'containers') {
    try {
      const server = new ContainerServer(recipe, port);
      await server.start();
      return server;
    } catch (cause) {
      if (!binary) throw cause;
      choice = Promise.resolve('binaries');
      say(`the container engine could not start ${recipe.image} (${messageOf(cause)}): using local programs instead`);
    }
  }
  if (!binary) {
    throw new Error(
      `tests need ${recipe.binaries.join(' or ')} on the PATH, or a container engine: npm test sets this up`,
    );
  }
  const server = await BinaryServer.prepare(binary, recipe, port);
  await server.start();
  return server;
}

async function chooseKind(): Promise<ServerKind> {
  const told = process.env[CHOICE_VARIABLE];
  if (told === 'containers' || told === 'binaries') return told;
  const kind = (await engineAnswers()) ? 'containers' : 'binaries';
  say(kind === 'containers' ? 'a container engine answers: servers run in containers' : 'servers are local programs');
  return kind;
}

async function engineAnswers(): Promise<boolean> {
  try {
    await promisify(execFile)('docker', ['info', '--format', '{{.ID}}'], { timeout: PROBE_TIMEOUT_MS });
    return true;
  } catch {
    return false;
  }
}

function nameOf(recipe: ServerRecipe): string {
  return recipe.binaries[0] ?? recipe.image;
}

function say(text: string): void {
  process.stderr.write(`testing: ${text}\n`);
}
