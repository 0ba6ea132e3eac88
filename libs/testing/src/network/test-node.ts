import { waitUntil } from '../servers/wait-until.js';
import { starling } from './starling-cli.js';

const KILL_TIMEOUT_MS = 5_000;

/** One service of a node. They are one process unless the network was started with `separate`. */
export type NodeService = 'relay' | 'storage' | 'swarm_manager';

/** What the info file of a devnet says about one node. */
export interface NodeInfo {
  readonly name: string;
  readonly ip: string;
  readonly https_port: number;
  readonly peer_port: number;
  readonly pubkey_ed25519: string;
  readonly pubkey_x25519: string;
  readonly swarm_id: string;
  readonly state: string;
  readonly pids: Readonly<Record<NodeService, number | null>>;
  readonly admin_url: string | null;
  readonly admin_urls: Readonly<Record<NodeService, string>> | null;
  readonly seed_url: string | null;
}

/** A node of a test network, and what a test may do to it. */
export class TestNode {
  readonly name: string;
  readonly ed25519: string;
  readonly x25519: string;
  /** `https://127.0.0.1:port`, with a self-signed certificate. */
  readonly url: string;
  /** 16 hex digits; all `f` in no swarm. */
  readonly swarmId: string;
  #pids: Readonly<Record<NodeService, number | null>>;

  constructor(
    readonly info: NodeInfo,
    private readonly dir: string,
  ) {
    this.name = info.name;
    this.ed25519 = info.pubkey_ed25519;
    this.x25519 = info.pubkey_x25519;
    this.url = `https://${info.ip}:${info.https_port}`;
    this.swarmId = info.swarm_id;
    this.#pids = info.pids;
  }

  /** Null where nothing runs. */
  get pids(): Readonly<Record<NodeService, number | null>> {
    return this.#pids;
  }

  /** Where its logs are written: one file per process. */
  logFile(role: 'node' | 'relay' | 'storage' | 'swarm-manager' = 'node'): string {
    return `${this.dir}/nodes/${this.name}/${role}.log`;
  }

  /** Ends a service at once, as a power cut would; without `separate` that is the whole node. */
  async kill(service: NodeService = 'relay'): Promise<void> {
    const pid = this.#pids[service];
    if (pid === null) return;
    process.kill(pid, 'SIGKILL');
    await waitUntil(`the end of ${service} of ${this.name}`, KILL_TIMEOUT_MS, () => {
      if (isThere(pid)) throw new Error('it still runs');
    });
  }

  /** Ends the node in order. */
  async stop(): Promise<void> {
    await starling(['devnet', 'stop', this.name, '--dir', this.dir]);
  }

  /** Starts it again, after `stop` or `kill`, and returns when it is ready. */
  async start(): Promise<void> {
    await this.stop(); // what a kill of one service left of the others
    const { pids } = (await starling(['devnet', 'start', this.name, '--dir', this.dir])) as {
      pids: Record<string, number>;
    };
    const pidOf = (role: string): number | null => pids[role] ?? pids.node ?? null;
    this.#pids = { relay: pidOf('relay'), storage: pidOf('storage'), swarm_manager: pidOf('swarm-manager') };
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
