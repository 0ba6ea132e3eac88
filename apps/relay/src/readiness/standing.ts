import type { NetworkView, NodeRecord } from '#protocol';
import { INVALID_SWARM_ID } from '#protocol';

/** First network rules under which a node may serve clients. docs/protocol/onion.md §5.3 */
const REQUIRED_HARDFORK = [19, 3] as const;

/**
 * Why a node does not serve; exact words, joined by `; `. A node whose clock is wrong says `notInStep` too: these are the
 * words that clients know for a node that is not yet in step with the network. docs/protocol/onion.md §5.3
 */
export const REASONS = {
  hardfork: `not yet on hardfork ${REQUIRED_HARDFORK.join('.')}`,
  noSwarm: 'not in any swarm',
  notInStep: 'not done syncing',
  shutdown: 'shutting down',
} as const;

/** This node's place in the network, worked out once per snapshot so that requests only read a field. */
export class Standing {
  private currentView: NetworkView | undefined;
  private currentSelf: NodeRecord | undefined;
  private currentProblem: string | null = REASONS.notInStep;
  private isClockTrusted = true;
  private leaving = false;
  private isOver = false;

  /** `id`: our Ed25519 key, 64 lower-case hex digits. */
  constructor(readonly id: string) {}

  /** The newest membership; undefined until the first snapshot arrived. */
  get view(): NetworkView | undefined {
    return this.currentView;
  }

  /** Our own entry in it. */
  get self(): NodeRecord | undefined {
    return this.currentSelf;
  }

  /** Null when we serve, otherwise the reasons as clients are told them. */
  get problem(): string | null {
    return this.currentProblem;
  }

  update(view: NetworkView): void {
    this.currentView = view;
    this.currentSelf = view.node(this.id);
    this.judge();
  }

  /** Whether the clock of this machine is near enough to those of other nodes to serve by it. */
  trustClock(isTrusted: boolean): void {
    this.isClockTrusted = isTrusted;
    this.judge();
  }

  /** Whether this process is about to end; what still comes in is served as long as that is possible. */
  get isLeaving(): boolean {
    return this.leaving;
  }

  leave(): void {
    this.leaving = true;
  }

  /** From now on nothing is served, for good: a process that leaves does not come back. */
  shutDown(): void {
    this.leaving = true;
    this.isOver = true;
    this.currentProblem = REASONS.shutdown;
  }

  private judge(): void {
    if (this.isOver) return;
    const view = this.isClockTrusted ? this.currentView : undefined;
    this.currentProblem = view === undefined ? REASONS.notInStep : problemOf(view, this.currentSelf);
  }
}

function problemOf(view: NetworkView, self: NodeRecord | undefined): string | null {
  const reasons: string[] = [];
  const [hardfork, revision] = view.snapshot.hardfork;
  const [wantedHardfork, wantedRevision] = REQUIRED_HARDFORK;
  if (hardfork < wantedHardfork || (hardfork === wantedHardfork && revision < wantedRevision)) {
    reasons.push(REASONS.hardfork);
  }
  if (self?.state !== 'active' || self.swarmId === INVALID_SWARM_ID) reasons.push(REASONS.noSwarm);
  return reasons.length === 0 ? null : reasons.join('; ');
}
