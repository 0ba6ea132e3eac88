import { join } from 'node:path';
import { loadOrCreateTlsPair, SystemClock } from '#platform';
import { freePort } from '#testing';
import { cpuTimeUs } from '../cpu-time.js';
import { Workplace } from '../workplace.js';
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

/** A swarm of bare programs on the Redis and NATS of a network. */
export class FloorSwarm {
  readonly #place = new Workplace();

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
    return this.#place.pids.reduce((sum, pid) => sum + cpuTimeUs(pid), 0);
  }

  stop(): void {
    this.#place.close();
  }

  async #startAll(servers: ServerAccess): Promise<void> {
    loadOrCreateTlsPair(this.#place.folder, 'folder', new SystemClock().now());
    const [certFile, keyFile] = [join(this.#place.folder, 'cert.pem'), join(this.#place.folder, 'key.pem')];
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
    const [flags, args] = [['--max-semi-space-size=4'], [role, JSON.stringify(member)]];
    await this.#place.startTelling('bench/floor/swarm-floor.js', { flags, args });
  }
}
