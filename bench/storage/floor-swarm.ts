import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { loadOrCreateTlsPair, SystemClock } from '#platform';
import { freePort } from '#testing';
import { cpuTimeUs } from '../cpu-time.js';
import type { ServerAccess } from './swarm-network.js';

/** What a program of `bench/floor/swarm-floor.ts` is told. */
export interface FloorMember extends ServerAccess {
  /** Before its subjects, and after the prefix of its keys. */
  readonly name: string;
  readonly certFile: string;
  readonly keyFile: string;
  /** Of its relay, for clients and members. */
  readonly port: number;
  /** Ports of the other members. */
  readonly others: readonly number[];
}

const program = fileURLToPath(new URL('../floor/swarm-floor.js', import.meta.url));

/** A swarm of bare programs on the Redis and NATS of a network. */
export class FloorSwarm {
  readonly #folder = mkdtempSync(join(tmpdir(), 'starling-floor-'));
  readonly #children: ChildProcess[] = [];

  private constructor(private readonly ports: readonly number[]) {}

  static async start(members: number, servers: ServerAccess): Promise<FloorSwarm> {
    const swarm = new FloorSwarm(await Promise.all(Array.from({ length: members }, () => freePort())));
    try {
      await swarm.#startAll(servers);
      return swarm;
    } catch (cause) {
      swarm.stop();
      throw cause;
    }
  }

  /** Where clients ask the first member. */
  get url(): string {
    return `https://127.0.0.1:${this.ports[0]}`;
  }

  /** CPU that its programs have used so far, in microseconds. */
  get cpuUs(): number {
    return this.#children.reduce((sum, { pid }) => sum + (pid === undefined ? 0 : cpuTimeUs(pid)), 0);
  }

  stop(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #startAll(servers: ServerAccess): Promise<void> {
    loadOrCreateTlsPair(this.#folder, 'folder', new SystemClock().now());
    const [certFile, keyFile] = [join(this.#folder, 'cert.pem'), join(this.#folder, 'key.pem')];
    const members = this.ports.map((port, index): FloorMember => {
      return {
        ...servers,
        certFile,
        keyFile,
        port,
        name: `floor${index}`,
        others: this.ports.filter((each) => each !== port),
      };
    });
    await Promise.all(members.flatMap((member) => ['relay', 'storage'].map((role) => this.#startOne(role, member))));
  }

  async #startOne(role: string, member: FloorMember): Promise<void> {
    const args = ['--max-semi-space-size=4', program, role, JSON.stringify(member)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#children.push(child);
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('a program of the floor has ended')));
    await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
    ended.catch(() => undefined); // from here on, requests fail
  }
}
