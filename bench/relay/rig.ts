import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { Agent, request } from 'undici';
import { encodeSnapshot, SUBJECTS } from '#contracts';
import { nativePrimitives } from '#platform';
import { buildOnion, NodeKey, type NodeRecord } from '#protocol';
import { freePort, startNats, waitUntil, type TestNats } from '#testing';
import { ALLOCATOR } from '../allocator.js';
import { Workplace } from '../workplace.js';

/** Onions that take turns, so that no cache of the relay sees the same key twice in a row. */
const ONIONS = 64;
const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 20_000;
const PROBED_WITHIN_MS = 5_000;

export const SIZES = [
  { name: '2 KiB', suffix: '', bytes: 2_048 },
  { name: '70 KiB', suffix: '_70k', bytes: 71_680 },
] as const;

const primitives = nativePrimitives();

/** A process to be measured. */
export interface Subject {
  readonly name: 'floor' | 'ours';
  readonly origin: string;
  readonly path: string;
  readonly pid: number;
}

export interface RigOptions {
  /** Flags of Node for the relay, such as `--cpu-prof`; STARLING_BENCH_NODE_FLAGS adds to them. */
  readonly nodeFlags?: readonly string[];
  /** What `askProbe` asks: a module that is loaded into the relay and answers SIGUSR2 with `writeProbed`. */
  readonly probe?: URL;
  /** The relay is asked through a door. */
  readonly hasDoor?: boolean;
}

/** A relay as a process, a node behind it that answers at once, and the floor program on the same key. */
export class RelayRig {
  readonly #place = new Workplace();
  readonly #probed = join(this.#place.folder, 'probed.json');
  #bus: NatsConnection | undefined;
  #ours: ChildProcess | undefined;
  #door: ChildProcess | undefined;
  readonly #keys = [randomBytes(32), randomBytes(32)].map((seed) => NodeKey.fromSeed(seed, primitives));
  #nodes: readonly NodeRecord[] = [];
  #subjects: readonly Subject[] = [];

  private constructor(private readonly nats: TestNats) {}

  static async start(options: RigOptions = {}): Promise<RelayRig> {
    const rig = new RelayRig(await startNats());
    try {
      await rig.#start(options);
      return rig;
    } catch (cause) {
      await rig.stop();
      throw cause;
    }
  }

  /** The floor first. */
  get subjects(): readonly Subject[] {
    return this.#subjects;
  }

  get ours(): Subject {
    return mustBe(this.#subjects.find(({ name }) => name === 'ours'));
  }

  /** Of a rig that has one. */
  get doorPid(): number {
    return mustBe(this.#door?.pid);
  }

  /** Requests for the relay to pass on: AES-GCM, of about the given size at the entry. */
  onions(bytes: number): Uint8Array[] {
    const [relay, next] = [mustBe(this.#nodes[0]), mustBe(this.#nodes[1])];
    return Array.from({ length: ONIONS }, () => {
      const payload = new Uint8Array(randomBytes(bytes - 400));
      const plan = { path: [relay], destination: next, payload, encType: 'aes-gcm' } as const;
      return buildOnion(primitives, randomBytes, plan).body;
    });
  }

  /** What the probe in the relay has to say now. */
  async askProbe<T>(): Promise<T> {
    rmSync(this.#probed, { force: true });
    process.kill(this.ours.pid, 'SIGUSR2');
    return waitUntil('the probe in the relay answers', PROBED_WITHIN_MS, () => {
      return JSON.parse(readFileSync(this.#probed, 'utf8')) as T;
    });
  }

  /** Ends the relay in order, so that it writes what it was told to write at its end. */
  async stopOurs(): Promise<void> {
    const child = mustBe(this.#ours);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    clearTimeout(timer);
  }

  async stop(): Promise<void> {
    this.#place.close();
    await this.#bus?.close();
    await this.nats.stop();
  }

  async #start({ nodeFlags = [], probe, hasDoor = false }: RigOptions): Promise<void> {
    const [relayKey, nextKey] = [mustBe(this.#keys[0]), mustBe(this.#keys[1])];
    const seed = Buffer.from(nextKey.seed).toString('hex');
    const { folder } = this.#place;
    const hop = await this.#place.startTelling('bench/next-hop.js', { args: [seed, relayKey.id, folder] });
    const [peerPort = '', plainPort = ''] = hop.line.split(' ');
    writeFileSync(join(folder, 'node.key'), Buffer.from(relayKey.seed).toString('hex'), { mode: 0o600 });
    const floor = await this.#place.startTelling('bench/floor/relay-floor.js', {
      args: [
        join(folder, 'cert.pem'),
        join(folder, 'key.pem'),
        plainPort,
        Buffer.from(relayKey.x25519.secretKey).toString('hex'),
      ],
    });
    const relay = record(relayKey, await freePort(), await freePort());
    const next = record(nextKey, 1, Number(peerPort));
    this.#nodes = [relay, next];
    await this.#publish();
    const added = process.env.STARLING_BENCH_NODE_FLAGS?.split(' ').filter(Boolean) ?? [];
    const flags = [...nodeFlags, ...(probe === undefined ? [] : ['--import', probe.href]), ...added];
    const ours = this.#place.start('apps/relay/src/main.js', {
      flags,
      env: {
        ...relaySettings(folder, this.nats.url, relay),
        RELAY_BEHIND_DOOR: String(hasDoor),
        STARLING_BENCH_PROBED_FILE: this.#probed,
      },
    });
    this.#ours = ours;
    const port = hasDoor ? await this.#startDoor(relay) : relay.httpsPort;
    await waitUntil('the relay serves', START_TIMEOUT_MS, () => expectServing(port));
    this.#subjects = [
      { name: 'floor', origin: `https://127.0.0.1:${floor.line}`, pid: floor.child.pid ?? 0, path: '/' },
      { name: 'ours', origin: `https://127.0.0.1:${port}`, pid: ours.pid ?? 0, path: '/onion_req/v2' },
    ];
  }

  /** Returns the port of clients. */
  async #startDoor(relay: NodeRecord): Promise<number> {
    const [httpsPort, peerPort] = [await freePort(), await freePort()];
    this.#door = this.#place.start('apps/door/src/main.js', { env: doorSettings(httpsPort, peerPort, relay) });
    return httpsPort;
  }

  /** In place of swarm-manager. */
  async #publish(): Promise<void> {
    this.#bus = await connect({ servers: this.nats.url });
    const nodes = [...this.#nodes];
    const snapshot = encodeSnapshot({ height: 1, blockHash: '0'.repeat(64), hardfork: [19, 4], nodes });
    this.#bus.subscribe(SUBJECTS.membershipCurrent, {
      callback: (_problem, message) => void message.respond(snapshot),
    });
  }
}

function mustBe<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the rig has not started');
  return value;
}

const record = (key: NodeKey, httpsPort: number, peerPort: number): NodeRecord => ({
  ed25519: key.id,
  x25519: Buffer.from(key.x25519.publicKey).toString('hex'),
  ip: '127.0.0.1',
  httpsPort,
  peerPort,
  state: 'active',
  swarmId: 0n,
  version: [2, 8, 0],
});

/** Ready means: a request is no longer refused for want of a membership. */
async function expectServing(port: number): Promise<void> {
  const agent = new Agent({ connect: { rejectUnauthorized: false } });
  try {
    const answer = await request(`https://127.0.0.1:${port}/onion_req/v2`, {
      method: 'POST',
      body: '',
      dispatcher: agent,
    });
    await answer.body.dump();
    if (answer.statusCode !== 400) throw new Error(`status ${answer.statusCode}`);
  } finally {
    await agent.close();
  }
}

function relaySettings(folder: string, natsUrl: string, relay: NodeRecord): NodeJS.ProcessEnv {
  return {
    ...ALLOCATOR,
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    RELAY_KEY_FILE: join(folder, 'node.key'),
    RELAY_STATE_DIR: join(folder, 'relay'),
    RELAY_HTTPS_HOST: '127.0.0.1',
    RELAY_HTTPS_PORT: String(relay.httpsPort),
    RELAY_PEER_HOST: '127.0.0.1',
    RELAY_PEER_PORT: String(relay.peerPort),
    RELAY_NATS_URL: natsUrl,
    RELAY_ADMIN_PORT: '0',
    RELAY_LOG_LEVEL: 'warn',
  };
}

const doorSettings = (httpsPort: number, peerPort: number, relay: NodeRecord): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  NODE_ENV: 'production',
  DOOR_HTTPS_HOST: '127.0.0.1',
  DOOR_HTTPS_PORT: String(httpsPort),
  DOOR_PEER_HOST: '127.0.0.1',
  DOOR_PEER_PORT: String(peerPort),
  DOOR_RELAYS: '127.0.0.1',
  DOOR_RELAY_HTTPS_PORT: String(relay.httpsPort),
  DOOR_RELAY_PEER_PORT: String(relay.peerPort),
  DOOR_ADMIN_PORT: '0',
  DOOR_LOG_LEVEL: 'warn',
});
