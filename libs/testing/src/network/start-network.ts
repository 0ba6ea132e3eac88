import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { compiledProgram } from '../compiled-program.js';
import { GiveUp, waitUntil } from '../servers/wait-until.js';
import type { NetworkFileDocument } from './golden-network.js';
import { starling } from './starling-cli.js';
import { TestNode } from './test-node.js';
import type { NodeInfo } from './test-node.js';

/** 24 nodes on two busy cores. */
const UP_TIMEOUT_MS = 180_000;
const DOWN_TIMEOUT_MS = 60_000;

export interface NetworkOptions {
  /** How many nodes; 7 when nothing is said. Not together with `networkFile`. */
  readonly nodes?: number;
  readonly networkFile?: NetworkFileDocument;
  /** Three processes a node instead of one. */
  readonly separate?: boolean;
  /** More environment for the command and so for every service. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A network of real processes. */
export interface TestNetwork {
  readonly dir: string;
  readonly seedUrl: string;
  /** Entries of the list that do not run are among them. */
  readonly nodes: readonly TestNode[];
  readonly redisUrl: string;
  readonly natsUrl: string;
  /** Throws when there is no such node. */
  readonly node: (name: string) => TestNode;
  /** Redis or NATS, which all nodes share. */
  readonly stopServer: (name: 'redis' | 'nats', how?: 'in order' | 'kill') => Promise<void>;
  readonly startServer: (name: 'redis' | 'nats') => Promise<void>;
  /** Ends all processes and removes all files. */
  readonly stop: () => Promise<void>;
}

/** Starts a devnet of the compiled programs on free ports. It ends with this process, whatever ends that. */
export async function startNetwork(options: NetworkOptions = {}): Promise<TestNetwork> {
  const folder = await mkdtemp(join(tmpdir(), 'starling-network-'));
  const dir = join(folder, 'devnet');
  const infoFile = join(folder, 'info.json');
  const args = ['devnet', 'up', '--dir', dir, '--info-file', infoFile, '--until-input-ends', '--json'];
  if (options.separate) args.push('--separate');
  if (options.nodes !== undefined) args.push('--nodes', String(options.nodes));
  if (options.networkFile) {
    const path = join(folder, 'network-file.json');
    await writeFile(path, JSON.stringify(options.networkFile));
    args.push('--network-file', path);
  }
  const env = { ...process.env, NODE_OPTIONS: '', ...options.env };
  // In a group of its own: what is sent to ours, twice perhaps, would end it before the network; the end of input does not.
  const child = spawn(process.execPath, [compiledProgram('cli'), ...args], {
    env,
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  });
  const command = new UpCommand(child);
  const stop = async (): Promise<void> => {
    await command.end();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const info = await waitUntil('the network', UP_TIMEOUT_MS, () => command.readWhenWritten(infoFile));
    const nodes = info.nodes.map((each) => new TestNode(each, dir));
    return {
      dir,
      seedUrl: info.seed_url,
      nodes,
      redisUrl: info.redis_url,
      natsUrl: info.nats_url,
      node: (name) => nodeNamed(nodes, name),
      stopServer: async (name, how = 'in order') => {
        await starling(['devnet', 'stop', name, '--dir', dir, ...(how === 'kill' ? ['--kill'] : [])]);
      },
      startServer: async (name) => {
        await starling(['devnet', 'start', name, '--dir', dir]);
      },
      stop,
    };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

interface Info {
  readonly seed_url: string;
  readonly redis_url: string;
  readonly nats_url: string;
  readonly nodes: readonly NodeInfo[];
}

/** The `devnet up` that watches the network. */
class UpCommand {
  private said = '';

  constructor(private readonly child: ChildProcessByStdio<Writable, null, Readable>) {
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.said += text));
    child.stdin.on('error', () => undefined); // it may be gone before we say so
  }

  /** Throws until the file is there. */
  async readWhenWritten(path: string): Promise<Info> {
    if (this.hasEnded) throw new GiveUp(`the network did not start: ${this.said.trim()}`);
    return JSON.parse(await readFile(path, 'utf8')) as Info;
  }

  async end(): Promise<void> {
    if (this.hasEnded) return;
    const ended = once(this.child, 'exit');
    this.child.stdin.end();
    const impatience = setTimeout(() => this.child.kill('SIGKILL'), DOWN_TIMEOUT_MS);
    await ended;
    clearTimeout(impatience);
  }

  private get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}

function nodeNamed(nodes: readonly TestNode[], name: string): TestNode {
  const node = nodes.find((each) => each.name === name);
  if (node) return node;
  throw new Error(`the network has no node ${name}: it has ${nodes.map((each) => each.name).join(', ')}`);
}
