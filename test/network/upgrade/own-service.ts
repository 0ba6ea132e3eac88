import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { waitUntil } from '#testing';

/** Seven processes that start at the same time on two busy cores. */
const READY_TIMEOUT_MS = 150_000;

/** One service of a node, as a program that is ended and started again. */
export class OwnService {
  said = '';
  #child: ChildProcess | undefined;
  #ended: Promise<number | null> = Promise.resolve(0);

  constructor(
    readonly name: 'relay' | 'storage' | 'swarm-manager',
    private readonly adminPort: number,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  start(): void {
    const main = fileURLToPath(new URL(`../../../dist/apps/${this.name}/src/main.js`, import.meta.url));
    const child = spawn(process.execPath, [main], { env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes: Buffer) => (this.said += bytes.toString()));
    this.#child = child;
    this.#ended = once(child, 'close').then(([code]) => code as number | null);
  }

  ready(): Promise<void> {
    return waitUntil(this.name, READY_TIMEOUT_MS, async () => {
      const reply = await fetch(`http://127.0.0.1:${this.adminPort}/health/ready`);
      if (reply.status !== 200) throw new Error(`${await reply.text()} ${this.said}`);
    });
  }

  /** As an upgrade ends it; gives its exit code. */
  stop(): Promise<number | null> {
    this.#child?.kill('SIGTERM');
    return this.#ended;
  }

  /** However it went. */
  async remove(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }
}
