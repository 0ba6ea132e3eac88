import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { freePorts, waitUntil } from '#testing';

/** From the root of the project, where tests and scripts run: this file is compiled too, and lies elsewhere then. */
const MAIN = resolve('dist/apps/door/src/main.js');
const READY_TIMEOUT_MS = 60_000;

/** A door as an operator starts it. */
export class DoorProcess {
  said = '';
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  private readonly child;

  private constructor(
    readonly httpsPort: number,
    readonly peerPort: number,
    private readonly adminPort: number,
    env: NodeJS.ProcessEnv,
  ) {
    this.child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.on('data', (bytes: Buffer) => (this.said += bytes.toString()));
    }
    this.ended = once(this.child, 'close').then(([code]) => code as number | null);
  }

  /** `settings` say where the relays are. */
  static async start(settings: Readonly<Record<string, string>>): Promise<DoorProcess> {
    const [httpsPort = 0, peerPort = 0, adminPort = 0] = await freePorts(3);
    return new DoorProcess(httpsPort, peerPort, adminPort, {
      PATH: process.env.PATH,
      DOOR_HTTPS_HOST: '127.0.0.1',
      DOOR_HTTPS_PORT: String(httpsPort),
      DOOR_PEER_HOST: '127.0.0.1',
      DOOR_PEER_PORT: String(peerPort),
      DOOR_ADMIN_PORT: String(adminPort),
      ...settings,
    });
  }

  ready(): Promise<void> {
    return waitUntil('the door', READY_TIMEOUT_MS, async () => {
      const reply = await fetch(`http://127.0.0.1:${this.adminPort}/health/ready`);
      if (reply.status !== 200) throw new Error(`${await reply.text()} ${this.said}`);
    });
  }

  async metrics(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.adminPort}/metrics`)).text();
  }

  async metric(series: string): Promise<number> {
    const line = (await this.metrics()).split('\n').find((each) => each.startsWith(`${series} `));
    if (line === undefined) throw new Error(`no ${series} in its metrics`);
    return Number(line.slice(series.length));
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** To be called at the end, however it went. */
  async remove(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
    await this.ended;
  }
}
