import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startNetwork, type NetworkOptions, type TestNetwork, type TestNode } from '#testing';
import type { AttackName } from './attacker.js';
import type { Report, Target } from './attacks/attack.js';
import { HonestClient, type Experience } from './honest-client.js';
import { countOf, storyOf } from './story.js';
import { coresBetween, delayMsBetween, vitalsOf } from './vitals.js';
import { Watch } from './watch.js';

/** Until both nodes have compiled what they run. */
const WARM_UP_MS = 2_000;
/** What an attack may take beyond its own time before it is ended from outside: it ends itself before. */
const GRACE_MS = 12_000;
/** Of the looks at an event loop, ten a second, in an attack of seconds: so many that one or two do not decide. */
const LOOKS = 0.95;
/** What most attempts need at the most: a whole request may take 10 s. */
const PATIENCE_MS = 10_000;
/** The relay as operators run it, not with the flags by which many nodes of a devnet share one machine. */
const AS_SHIPPED = { STARLING_DEVNET_NODE_FLAGS: '' };
/** Names in every network: the node that is attacked, and one that is not. */
export const ATTACKED = 'attacked';
const TWIN = 'twin';
const attacker = fileURLToPath(new URL('./attacker.js', import.meta.url));

export interface Onslaught {
  readonly attack: AttackName;
  /** At once. */
  readonly count: number;
  readonly perSecond: number;
  /** For how long attempts are begun. */
  readonly seconds: number;
  /** For how long each is left to the node. */
  readonly patienceMs?: number;
  readonly more?: Readonly<Record<string, string>>;
}

/** What an attack did to the node and to others. */
export interface Aftermath {
  readonly report: Report;
  /** At the same time, at a node of the same machine that nobody attacked. */
  readonly elsewhere: Experience;
  readonly honest: Experience;
  /** Highest resident memory of the relay above what it had before, MiB. */
  readonly growthMiB: number;
  /** Highest number of files and connections that the relay had open. */
  readonly peakFiles: number;
  /** What 95 % of the looks at the relay's event loop stayed below, ms; and that of the relay that nobody attacked. */
  readonly loopMs: number;
  readonly loopElsewhereMs: number;
  /** CPU of the relay, in cores. */
  readonly cores: number;
}

/** A real node, an attacker and somebody who means no harm. */
export class Arena {
  private constructor(readonly network: TestNetwork) {}

  static async open(options: NetworkOptions): Promise<Arena> {
    const { nodes } = options.networkFile ?? { nodes: [{ name: ATTACKED }] };
    const networkFile = { ...options.networkFile, nodes: [...nodes, { name: TWIN }] };
    const env = { ...AS_SHIPPED, ...options.env };
    return new Arena(await startNetwork({ separate: true, ...options, networkFile, env }));
  }

  async close(): Promise<void> {
    await this.network.stop();
  }

  /** The one that is attacked. */
  get node(): TestNode {
    return this.network.node(ATTACKED);
  }

  /** What the honest clients of both nodes and the attacked relay go through while the attack lasts. */
  async suffer(onslaught: Onslaught, interrupted: AbortSignal): Promise<Aftermath> {
    const pid = this.node.pids.relay;
    if (pid === null) throw new Error('the relay does not run');
    const twin = this.network.node(TWIN);
    await this.warmUp();
    const { attack, patienceMs = PATIENCE_MS, more = {}, ...plan } = onslaught;
    const { info, ed25519, x25519 } = this.node;
    const { ip, https_port: httpsPort, peer_port: peerPort } = info;
    const target: Target = { ip, httpsPort, peerPort, ed25519, x25519, patienceMs, more, ...plan };
    const watch = new Watch(pid);
    const client = new HonestClient(this.node);
    const other = new HonestClient(twin);
    client.start();
    other.start();
    try {
      const [before, twinBefore] = await Promise.all([vitalsOf(this.node), vitalsOf(twin)]);
      const report = await play(attack, target, interrupted);
      if (watch.ended !== undefined) throw new Error(`the relay has ended under the attack: ${storyOf(report)}`);
      const [after, twinAfter] = await Promise.all([vitalsOf(this.node), vitalsOf(twin)]);
      return {
        report,
        loopMs: delayMsBetween(before, after, LOOKS),
        loopElsewhereMs: delayMsBetween(twinBefore, twinAfter, LOOKS),
        cores: coresBetween(before, after),
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

  private async warmUp(): Promise<void> {
    const clients = [this.node, this.network.node(TWIN)].map((node) => new HonestClient(node));
    for (const client of clients) client.start();
    await pause(WARM_UP_MS);
    await Promise.all(clients.map((client) => client.stop()));
  }
}

/** One count of an attacker's report; 0 for what never happened. */
export const counted = ({ report }: Aftermath, name: string): number => countOf(report, name);

async function play(attack: AttackName, target: Target, interrupted: AbortSignal): Promise<Report> {
  interrupted.throwIfAborted();
  const child = fork(attacker, [attack, JSON.stringify(target)], { detached: true });
  const end = (): boolean => child.kill('SIGKILL');
  const timer = setTimeout(end, target.seconds * 1_000 + target.patienceMs + GRACE_MS);
  interrupted.addEventListener('abort', end);
  try {
    const ended = once(child, 'exit').then((how) => {
      throw new Error(`the attacker ended without a report: ${how.join(' ')}`);
    });
    const [report] = (await Promise.race([once(child, 'message'), ended])) as [Report];
    return report;
  } finally {
    clearTimeout(timer);
    interrupted.removeEventListener('abort', end);
    end();
  }
}
