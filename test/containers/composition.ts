import { randomBytes } from 'node:crypto';
import { freePorts } from '#testing';
import { docker, run, VERSION } from './engine.js';
import type { Ended } from './engine.js';

/** As long as `up --wait` waits for health; a busy machine takes a minute for three nodes at once. */
const HEALTH_TIMEOUT_S = 180;
const REMOVE_TIMEOUT_S = 10;

interface Ports {
  readonly https: number;
  readonly peer: number;
  readonly seed: number;
  readonly prometheus: number;
}

/** One node of docker-compose.yml under a name of its own, on free ports. */
export class Composition {
  private constructor(
    readonly name: string,
    private readonly folder: string,
    readonly ports: Ports,
    readonly env: Readonly<Record<string, string>>,
  ) {}

  /** `folder` holds docker-compose.yml; `settings` are what would stand in `.env`. */
  static async create(folder: string, settings: Readonly<Record<string, string>> = {}): Promise<Composition> {
    const name = `starling-test-${randomBytes(4).toString('hex')}`;
    const [https = 0, peer = 0, seed = 0, prometheus = 0] = await freePorts(4);
    const ports = { https, peer, seed, prometheus };
    const env = {
      NODE_NAME: name,
      STARLING_VERSION: VERSION,
      HTTPS_PORT: `${https}`,
      PEER_PORT: `${peer}`,
      SEED_PORT: `${seed}`,
      PROMETHEUS_PORT: `${prometheus}`,
      // Many compositions share a test machine: none takes its memory in advance, and none needs more than this.
      REDIS_MAXMEMORY: '100mb',
      REDIS_MEMORY_LIMIT: '300m',
      ...settings,
    };
    return new Composition(name, folder, ports, env);
  }

  get url(): string {
    return `https://127.0.0.1:${this.ports.https}`;
  }

  get seedUrl(): string {
    return `http://127.0.0.1:${this.ports.seed}`;
  }

  /** One `docker compose` command; throws when it fails. */
  compose(...args: string[]): Promise<string> {
    return docker(['compose', ...args], { cwd: this.folder, env: this.env });
  }

  /** The same, for what may fail. */
  tryCompose(...args: string[]): Promise<Ended> {
    return run('docker', ['compose', ...args], { cwd: this.folder, env: this.env });
  }

  /** Starts it and waits for its health; says what its services logged when that does not come. */
  async up(...options: string[]): Promise<void> {
    const { code, stderr } = await this.tryCompose(
      'up',
      '-d',
      '--wait',
      `--wait-timeout=${HEALTH_TIMEOUT_S}`,
      ...options,
    );
    if (code === 0) return;
    const logs = await this.tryCompose('logs', '--no-color', '--tail=15');
    throw new Error(`${this.name} did not start: ${stderr.slice(-1_000)}\n${logs.stdout.slice(-4_000)}`);
  }

  /** The containers of a service, by their ids. */
  async containersOf(service: string): Promise<string[]> {
    return (await this.compose('ps', '--quiet', service)).split('\n').filter(Boolean);
  }

  /** Containers, networks and volumes: nothing of it is left. */
  async remove(): Promise<void> {
    // Without the folder's .env: with NODE_DIR in it the volume that stood for that folder before would stay.
    await this.compose(
      '--env-file=/dev/null',
      '--profile=*',
      'down',
      '--volumes',
      '--remove-orphans',
      `--timeout=${REMOVE_TIMEOUT_S}`,
    );
  }
}
