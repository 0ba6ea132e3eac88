import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiledProgram, freePorts, ServiceProcess, waitUntil } from '#testing';
import { accountOf, nodeVector } from './vector-network.js';

/** For an event of several processes on two busy cores. */
const EVENT_TIMEOUT_MS = 60_000;

/** A relay as an operator starts it, with the key of a node of the vectors. */
export class RelayProcess extends ServiceProcess {
  private constructor(
    readonly httpsPort: number,
    readonly peerPort: number,
    /** Its state directory. */
    readonly folder: string,
    env: NodeJS.ProcessEnv,
  ) {
    super('relay', env);
  }

  static async start(name: string, natsUrl: string, changes: Readonly<Record<string, string>>): Promise<RelayProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'relay-process-'));
    const keyFile = join(folder, 'node.key');
    writeFileSync(keyFile, nodeVector(name).ed25519_seed, { mode: 0o600 });
    const [httpsPort = 0, peerPort = 0, adminPort = 0] = await freePorts(3);
    const { user, password } = accountOf(name);
    return new RelayProcess(httpsPort, peerPort, folder, {
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

  /** The processes that it started. */
  get workers(): number[] {
    const main = compiledProgram('relay');
    const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
    return table
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, parent, ...args]) => Number(parent) === this.pid && args.includes(main))
      .map(([pid]) => Number(pid));
  }

  /** Names of events in its log, in order. */
  get events(): string[] {
    return [...this.said.matchAll(/"event":"([^"]+)"/g)].map(([, event = '']) => event);
  }

  /** To itself, or to one of its workers. */
  override signal(name: NodeJS.Signals, pid = this.pid): void {
    process.kill(pid, name);
  }

  /** Returns when an event is in its log. */
  logged(event: string): Promise<void> {
    return waitUntil(event, EVENT_TIMEOUT_MS, () => {
      if (!this.events.includes(event)) throw new Error(this.said);
    });
  }

  /** Fails while its metrics do not match. */
  async expectMetric(pattern: RegExp): Promise<void> {
    const text = await this.metrics();
    if (!pattern.test(text)) throw new Error(`no ${pattern.source} in its metrics`);
  }

  override async remove(): Promise<void> {
    await super.remove();
    rmSync(this.folder, { recursive: true });
  }
}
