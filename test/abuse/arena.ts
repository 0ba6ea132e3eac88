import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startNetwork, type NetworkOptions, type TestNetwork, type TestNode } from '#testing';
import type { AttackName } from './attacker.js';
import type { Report, Target } from './attacks/attack.js';
import { exactly, waited, type Finding } from './finding.js';
import { HonestClient, type Experience } from './honest-client.js';
import { Watch } from './watch.js';

/** Long enough for a 99th percentile that one hiccup does not make. */
const CALM_MS = 4_000;
/** What an attack may take beyond its own time before it is ended from outside. */
const GRACE_MS = 45_000;
/** Waking up one process in time among attacker, client and node takes a shared machine so long. */
const SCHEDULING_MS = 50;
/** How long a client may wait for its first answer while others push: well before it gives up. */
const FIRST_ANSWER_MS = 3_000;
/** Names in every network: the node that is attacked, and one that is not. */
export const ATTACKED = 'attacked';
const TWIN = 'twin';
const attacker = fileURLToPath(new URL('./attacker.js', import.meta.url));

export interface Onslaught {
  readonly attack: AttackName;
  readonly count: number;
  readonly seconds: number;
  readonly more?: Readonly<Record<string, string>>;
}

/** What an attack did to the node and to others. */
export interface Aftermath {
  readonly report: Report;
  /** In peace, before. */
  readonly calm: Experience;
  /** At the same time, at a node of the same machine that nobody attacked. */
  readonly elsewhere: Experience;
  readonly honest: Experience;
  /** Highest resident memory of the relay above what it had before, MiB. */
  readonly growthMiB: number;
  /** Highest number of files and connections that the relay had open. */
  readonly peakFiles: number;
}

/** A real node, an attacker and somebody who means no harm. */
export class Arena {
  private constructor(readonly network: TestNetwork) {}

  static async open(options: NetworkOptions): Promise<Arena> {
    const { nodes } = options.networkFile ?? { nodes: [{ name: ATTACKED }] };
    const networkFile = { ...options.networkFile, nodes: [...nodes, { name: TWIN }] };
    return new Arena(await startNetwork({ separate: true, ...options, networkFile }));
  }

  async close(): Promise<void> {
    await this.network.stop();
  }

  /** The one that is attacked. */
  get node(): TestNode {
    return this.network.node(ATTACKED);
  }

  /** The honest client's experience in peace, then under attack. */
  async suffer({ attack, count, seconds, more = {} }: Onslaught): Promise<Aftermath> {
    const pid = this.node.pids.relay;
    if (pid === null) throw new Error('the relay does not run');
    const calm = await this.peace();
    const { info, ed25519, x25519 } = this.node;
    const target: Target = {
      ip: info.ip,
      httpsPort: info.https_port,
      peerPort: info.peer_port,
      ed25519,
      x25519,
      count,
      seconds,
      more,
    };
    const watch = new Watch(pid);
    const client = new HonestClient(this.node);
    const other = new HonestClient(this.network.node(TWIN));
    client.start();
    other.start();
    try {
      const report = await play(attack, target);
      return {
        report,
        calm,
        elsewhere: await other.stop(),
        honest: await client.stop(),
        growthMiB: watch.peakMiB - watch.startMiB,
        peakFiles: watch.peakFiles,
      };
    } finally {
      watch.stop();
      await Promise.all([client.stop(), other.stop()]);
    }
  }

  private async peace(): Promise<Experience> {
    const warmUp = new HonestClient(this.node);
    warmUp.start();
    await pause(CALM_MS / 4);
    await warmUp.stop();
    const client = new HonestClient(this.node);
    client.start();
    await pause(CALM_MS);
    return client.stop();
  }
}

/**
 * What every attack has in common: somebody honest hardly notices. The other node tells how much of a delay is this
 * machine's, on which everybody shares the cores with the attacker.
 */
export function unharmed({ calm, elsewhere, honest }: Aftermath): Finding[] {
  const limitMs = Math.max(2 * calm.p99Ms, 2 * elsewhere.p99Ms, SCHEDULING_MS);
  return [
    exactly(`honest requests that failed${honest.lastFailure && ` (${honest.lastFailure})`}`, 0, honest.failures),
    waited('honest p99, ms', limitMs, honest.p99Ms),
    waited('longest honest connect and first answer, ms', FIRST_ANSWER_MS, honest.longestFirstMs),
  ];
}

/** One count of an attacker's report; 0 for what never happened. */
export const counted = ({ report }: Aftermath, name: string): number => report[name] ?? 0;

async function play(attack: AttackName, target: Target): Promise<Report> {
  const child = fork(attacker, [attack, JSON.stringify(target)]);
  const timer = setTimeout(() => child.kill('SIGKILL'), target.seconds * 1_000 + GRACE_MS);
  try {
    const ended = once(child, 'exit').then(() => {
      throw new Error(`the attacker ended without a report`);
    });
    const [report] = (await Promise.race([once(child, 'message'), ended])) as [Report];
    return report;
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
  }
}
