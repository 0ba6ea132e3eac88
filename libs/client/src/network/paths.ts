import type { RandomBytes } from '#protocol';
import { NetworkTooSmall, SubnetsTooFew } from './network-errors.js';
import type { NodePool } from './node-pool.js';
import type { OnionFault } from './onion-fault.js';
import { PATH_HOPS, planPath } from './path-plan.js';
import { nameOf } from './service-node.js';
import type { ServiceNode } from './service-node.js';
import type { TraceObserver } from './trace.js';

/** docs/protocol/onion.md §8.3: two guards are wanted. */
const GUARDS = 2;
/** docs/protocol/onion.md §8.6: three strikes drop a path. */
const STRIKES_TO_DROP = 3;
/** One per guard would do; in small networks more are needed, so that none of them contains a given destination. */
const MAX_KEPT = 4;
/** A path is left after ten minutes, so that no hop sees one client for long; the guards stay. */
const PATH_LIFE_MS = 600_000;
/**
 * Up to this many nodes a network is a private one: Session Desktop needs more than 8. There a path may be shorter
 * than three hops when nodes are missing; in larger ones that would let attackers strip hops.
 */
const SMALL_NETWORK_NODES = 8;

export interface OnionPath {
  readonly nodes: readonly ServiceNode[];
  readonly builtAtMs: number;
  strikes: number;
}

export interface PathsOptions {
  readonly random: RandomBytes;
  readonly monotonicMs: () => number;
  readonly singleHost: boolean;
  readonly trace: TraceObserver;
  /** Ed25519 keys of the guards of an earlier run. */
  readonly guards: readonly string[];
}

/** Chooses guards and paths, keeps them, and gives up those that fail. docs/protocol/onion.md §8.3, §8.6 */
export class Paths {
  private guards: string[];
  private kept: OnionPath[] = [];

  constructor(
    private readonly pool: NodePool,
    private readonly options: PathsOptions,
  ) {
    this.guards = options.guards.slice(0, GUARDS);
  }

  /** Worth keeping for the next run: a client that takes new guards each time meets a bad one sooner. */
  get guardIds(): readonly string[] {
    return this.guards;
  }

  /**
   * A path that does not contain the destination and, where possible, none of the suspects.
   * Throws NetworkTooSmall or SubnetsTooFew.
   */
  pathTo(destinationId: string, suspects: ReadonlySet<string>): OnionPath {
    this.kept = this.kept.filter((path) => this.isStillGood(path));
    const fitting = this.kept.filter(({ nodes }) =>
      nodes.every(({ ed25519 }) => ed25519 !== destinationId && !suspects.has(ed25519)),
    );
    // A path with strikes may work again, but waiting for it to fail costs more than building another.
    return fitting.find(({ strikes }) => strikes === 0) ?? this.build(destinationId, suspects);
  }

  succeeded(path: OnionPath): void {
    path.strikes = 0;
    for (const { ed25519 } of path.nodes) this.pool.clear(ed25519);
  }

  /** Draws the consequences of a fault on this path. */
  failed(path: OnionPath, fault: OnionFault): void {
    const [guard] = path.nodes;
    switch (fault.kind) {
      case 'guard-down':
        if (guard) this.leaveGuard(guard, fault.kind);
        return;
      case 'guard-busy':
        if (guard && this.pool.strike(guard.ed25519)) this.leaveGuard(guard, fault.kind);
        this.strike(path, fault.kind);
        return;
      case 'node-gone':
      case 'node-unreachable':
      case 'node-not-ready':
        this.blame(path, fault.kind, fault.nodeId);
        return;
      case 'silence':
        for (const { ed25519 } of path.nodes) this.pool.strike(ed25519);
        this.dropWhere((each) => each === path, fault.kind);
        return;
      case 'path':
      case 'stop':
        this.strike(path, fault.kind);
    }
  }

  private isStillGood({ nodes, builtAtMs }: OnionPath): boolean {
    const isYoung = this.options.monotonicMs() - builtAtMs < PATH_LIFE_MS;
    return isYoung && nodes.every(({ ed25519 }) => this.pool.isUsable(ed25519));
  }

  private build(destinationId: string, suspects: ReadonlySet<string>): OnionPath {
    const { random, singleHost, monotonicMs, trace } = this.options;
    const usable = this.pool.usable();
    const others = usable.filter(({ ed25519 }) => ed25519 !== destinationId).length;
    const isSmall = this.pool.size <= SMALL_NETWORK_NODES;
    const hops = isSmall ? Math.min(PATH_HOPS, others) : PATH_HOPS;
    if (others < Math.max(hops, 1)) throw new NetworkTooSmall(usable.length, isSmall ? 2 : PATH_HOPS + 1);

    this.guards = this.guards.filter((id) => this.pool.isUsable(id));
    const doubtOf = (id: string): number => this.pool.strikesOf(id) + (suspects.has(id) ? 1 : 0);
    const guards = this.guards;
    const wantsGuard = guards.length < GUARDS;
    const nodes = planPath({ usable, destinationId, guards, wantsGuard, doubtOf, singleHost, hops, random });
    const [guard] = nodes ?? [];
    if (!nodes || !guard) throw new SubnetsTooFew();
    if (wantsGuard && !guards.includes(guard.ed25519)) guards.push(guard.ed25519);

    const path = { nodes, builtAtMs: monotonicMs(), strikes: 0 };
    this.kept.push(path);
    if (this.kept.length > MAX_KEPT) this.kept.shift();
    trace({ kind: 'path-built', hops: nodes.map(nameOf) });
    return path;
  }

  /** A node that is named is believed to be the cause only when it is on the path. */
  private blame(path: OnionPath, kind: 'node-gone' | 'node-unreachable' | 'node-not-ready', nodeId: string): void {
    const node = path.nodes.find(({ ed25519 }) => ed25519 === nodeId);
    if (!node) {
      this.strike(path, kind);
      return;
    }
    if (kind === 'node-gone') this.pool.remove(nodeId);
    else if (kind === 'node-unreachable') this.pool.setAside(nodeId);
    else this.pool.strike(nodeId);
    this.options.trace({ kind: 'node-set-aside', node: nameOf(node), reason: kind });
    this.dropWhere(({ nodes }) => nodes.includes(node), kind);
  }

  private strike(path: OnionPath, reason: string): void {
    path.strikes += 1;
    if (path.strikes < STRIKES_TO_DROP) return;
    for (const { ed25519 } of path.nodes) this.pool.strike(ed25519);
    this.guards = this.guards.filter((id) => id !== path.nodes[0]?.ed25519);
    this.dropWhere((each) => each === path, reason);
  }

  private leaveGuard(guard: ServiceNode, reason: string): void {
    this.pool.setAside(guard.ed25519);
    this.guards = this.guards.filter((id) => id !== guard.ed25519);
    this.options.trace({ kind: 'node-set-aside', node: nameOf(guard), reason });
    this.dropWhere(({ nodes }) => nodes.includes(guard), reason);
  }

  private dropWhere(isBad: (path: OnionPath) => boolean, reason: string): void {
    for (const path of this.kept.filter(isBad)) {
      this.options.trace({ kind: 'path-dropped', hops: path.nodes.map(nameOf), reason });
    }
    this.kept = this.kept.filter((path) => !isBad(path));
  }
}
