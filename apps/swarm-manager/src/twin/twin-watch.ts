import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ContractError, decodeNodeStanding, SUBJECTS } from '#contracts';
import { Bus, BusFault, BusTimeout, BusUnavailable, Clock, faultFields, Log } from '#platform';
import { NodeKey, type NodeRecord } from '#protocol';
import { PeerError, PeerTransport } from '#transport';
import { Membership } from '../membership/membership.js';
import { INSTANCE } from '../standing/instance.js';
import { PeerRounds } from '../standing/peer-rounds.js';
import { TwinEvidence, type Twin } from './twin-evidence.js';

/** Our own machine answers in milliseconds; a router that drops such packets answers never. */
const DIAL_TIMEOUT_MS = 3_000;
/** Nobody answers, at once, unless there is another swarm-manager on our bus. */
const SIBLING_TIMEOUT_MS = 500;

/** Looks for a second live node with our key, as long as we run. docs/protocol/membership.md §8 */
@Injectable()
export class TwinWatch implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #evidence: TwinEvidence;
  #end = (): void => undefined;
  #wasFound = false;

  constructor(
    @Inject(PeerRounds) rounds: PeerRounds,
    @Inject(Membership) private readonly membership: Membership,
    @Inject(PeerTransport) private readonly peers: PeerTransport,
    @Inject(NodeKey) private readonly self: NodeKey,
    @Inject(INSTANCE) private readonly instance: string,
    @Inject(Bus) private readonly bus: Bus,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {
    this.#evidence = new TwinEvidence(instance, clock.monotonicMs());
    rounds.onRound(({ answers }) => {
      const told = answers.map(({ node, report }) => ({ node: node.ed25519, otherAgeMs: report.otherAgeMs }));
      this.#evidence.toldByPeers(told, clock.monotonicMs());
      void this.#lookAtOwnAddress();
    });
  }

  onApplicationBootstrap(): void {
    this.#end = this.bus.subscribe(SUBJECTS.standingNow, (bytes) => this.#hear(bytes));
  }

  onModuleDestroy(): void {
    this.#end();
  }

  /** Null: none was seen lately. */
  get twin(): Twin | null {
    return this.#evidence.at(this.clock.monotonicMs());
  }

  /** Somebody asked us, and proved our own key: ourselves, or a twin. */
  visited(instance: string): void {
    this.#evidence.visited(instance, this.clock.monotonicMs());
    this.#tell();
  }

  /** At the start, before this node serves: whether a twin answers at our own address. */
  async lookOnce(): Promise<Twin | null> {
    try {
      this.#hear(await this.bus.request(SUBJECTS.standingCurrent, new Uint8Array(), { timeoutMs: SIBLING_TIMEOUT_MS }));
    } catch (cause) {
      if (!(cause instanceof BusTimeout || cause instanceof BusUnavailable || cause instanceof BusFault)) throw cause;
    }
    await this.#lookAtOwnAddress();
    return this.twin;
  }

  /** Whoever has no place in the network is answered on nobody's peer port, its own among them. */
  async #lookAtOwnAddress(): Promise<void> {
    const self = this.membership.current?.view.node(this.self.id);
    if (self?.state !== 'active') return;
    this.#evidence.answeredAtOwnAddress(await this.#instanceAt(self), this.clock.monotonicMs());
    this.#tell();
  }

  async #instanceAt(node: NodeRecord): Promise<string | null> {
    try {
      return (await this.peers.standing(node, this.instance, DIAL_TIMEOUT_MS)).instance;
    } catch (cause) {
      if (!(cause instanceof PeerError)) this.log.error('own_address_failed', faultFields(cause));
      return null; // nobody there, or nobody who says
    }
  }

  #hear(bytes: Uint8Array): void {
    try {
      this.#evidence.heardSibling(decodeNodeStanding(bytes).instance, this.clock.monotonicMs());
    } catch (cause) {
      if (!(cause instanceof ContractError)) throw cause; // a version skew: ClockNews of the relay says so too
    }
  }

  /** Once, until it is over. */
  #tell(): void {
    const { twin } = this;
    if (twin !== null && !this.#wasFound) this.log.warn('twin_found', { outcome: twin.how });
    if (twin === null && this.#wasFound) this.log.info('twin_gone');
    this.#wasFound = twin !== null;
  }
}
