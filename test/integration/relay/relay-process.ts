import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts, waitUntil } from '#testing';
import { accountOf, nodeVector } from './vector-network.js';

const MAIN = fileURLToPath(new URL('../../../dist/apps/relay/src/main.js', import.meta.url));
/** Several processes on two busy cores. */
const READY_TIMEOUT_MS = 60_000;

/** A relay as an operator starts it, with the key of a node of the vectors. */
export class RelayProcess {
  said = '';
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  private readonly child;

  private constructor(
    readonly httpsPort: number,
    readonly peerPort: number,
    private readonly adminPort: number,
    /** Its state directory. */
    readonly folder: string,
    env: NodeJS.ProcessEnv,
  ) {
    this.child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.on('data', (bytes: Buffer) => (this.said += bytes.toString()));
    }
    this.ended = once(this.child, 'close').then(([code]) => code as number | null);
  }

  static async start(name: string, natsUrl: string, changes: Readonly<Record<string, string>>): Promise<RelayProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'relay-process-'));
    const keyFile = join(folder, 'node.key');
    writeFileSync(keyFile, nodeVector(name).ed25519_seed, { mode: 0o600 });
    const [httpsPort = 0, peerPort = 0, adminPort = 0] = await freePorts(3);
    const { user, password } = accountOf(name);
    return new RelayProcess(httpsPort, peerPort, adminPort, folder, {
      PATH: process.env.PATH,
      RELAY_KEY_FILE: keyFile,
      RELAY_STATE_DIR: folder,
      RELAY_HTTPS_HOST: '127.0.0.1',
      RELAY_HTTPS_PORT: String(httpsPort),
      RELAY_PEER_HOST: '127.0.0.1',
      RELAY_PEER_PORT: String(peerPort),
      RELAY_ADMIN_PORT: String(adminPort),
      RELAY_NATS_URL: natsUrl,
      RELAY_NATS_USER: user,
      RELAY_NATS_PASSWORD: password,
      ...changes,
    });
  }

  get adminUrl(): string {
    return `http://127.0.0.1:${this.adminPort}`;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** The processes that it started. */
  get workers(): number[] {
    const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
    return table
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, parent, ...args]) => Number(parent) === this.pid && args.includes(MAIN))
      .map(([pid]) => Number(pid));
  }

  /** Names of events in its log, in order. */
  get events(): string[] {
    return [...this.said.matchAll(/"event":"([^"]+)"/g)].map(([, event = '']) => event);
  }

  signal(name: NodeJS.Signals, pid = this.pid): void {
    process.kill(pid, name);
  }

  ready(): Promise<void> {
    return waitUntil('the relay', READY_TIMEOUT_MS, async () => {
      const reply = await fetch(`${this.adminUrl}/health/ready`);
      if (reply.status !== 200) throw new Error(`${await reply.text()} ${this.said}`);
    });
  }

  /** Returns when an event is in its log. */
  logged(event: string): Promise<void> {
    return waitUntil(event, READY_TIMEOUT_MS, () => {
      if (!this.events.includes(event)) throw new Error(this.said);
    });
  }

  /** Fails while its metrics do not match. */
  async expectMetric(pattern: RegExp): Promise<void> {
    const text = await this.metrics();
    if (!pattern.test(text)) throw new Error(`no ${pattern.source} in its metrics`);
  }

  async metrics(): Promise<string> {
    return (await fetch(`${this.adminUrl}/metrics`)).text();
  }

  /** To be called at the end, however it went. */
  async remove(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGKILL');
    await this.ended;
    rmSync(this.folder, { recursive: true });
  }
}
