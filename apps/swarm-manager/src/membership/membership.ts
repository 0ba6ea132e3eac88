import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { decodeSnapshot, encodeSnapshot } from '#contracts';
import { Clock, CONFIG, Log, PRIMITIVES } from '#platform';
import {
  acceptList,
  ListRefused,
  NetworkView,
  parseSignedList,
  snapshotFromList,
  swarmsOf,
  verifySignedList,
  type NetworkList,
  type Primitives,
} from '#protocol';
import type { SwarmManagerConfig } from '../swarm-manager.config.js';
import { claimStateDirectory, loadState, saveState } from './state-file.js';

export interface AcceptedList {
  readonly list: NetworkList;
  readonly view: NetworkView;
  /** The snapshot as it goes out on the bus. */
  readonly encoded: Uint8Array;
}

/** The list in force. It survives restarts, and only a newer one that is properly signed replaces it. */
@Injectable()
export class Membership implements OnModuleInit {
  readonly #listeners = new Set<(accepted: AcceptedList) => void>();
  #current: AcceptedList | null = null;

  constructor(
    @Inject(CONFIG) private readonly config: SwarmManagerConfig,
    @Inject(PRIMITIVES) private readonly primitives: Primitives,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {}

  get current(): AcceptedList | null {
    return this.#current;
  }

  onChange(listener: (accepted: AcceptedList) => void): void {
    this.#listeners.add(listener);
  }

  /** What was accepted last, unless the administrators in the configuration no longer stand for it. Throws ConfigError. */
  async onModuleInit(): Promise<void> {
    await claimStateDirectory(this.config.SWARM_MANAGER_STATE_DIR, 'SWARM_MANAGER_STATE_DIR');
    const saved = await loadState(this.config.SWARM_MANAGER_STATE_DIR);
    if (saved === null) return;
    try {
      const list = this.#verified(saved.signedList);
      const encoded = Buffer.from(saved.snapshot, 'utf8');
      this.#putInForce({ list, view: new NetworkView(decodeSnapshot(encoded)), encoded });
      this.log.info('saved_list_in_force', { height: list.epoch });
    } catch (cause) {
      this.log.warn('saved_list_not_usable', { reason: cause instanceof ListRefused ? cause.message : 'unreadable' });
    }
  }

  /** Takes a list when it is signed and newer; the one in force again changes nothing. Throws ListRefused. */
  async offer(signedText: string): Promise<void> {
    const list = this.#verified(signedText);
    const { list: inForce, view } = this.#current ?? {};
    if (!acceptList(inForce ?? null, list, this.clock.now())) return;
    const snapshot = snapshotFromList(this.primitives, list, view === undefined ? null : swarmsOf(view.snapshot), {
      hardfork: this.config.SWARM_MANAGER_HARDFORK,
      version: this.config.SWARM_MANAGER_REPORTED_VERSION,
    });
    const encoded = encodeSnapshot(snapshot);
    await saveState(this.config.SWARM_MANAGER_STATE_DIR, {
      signedList: signedText,
      snapshot: Buffer.from(encoded).toString('utf8'),
    });
    this.#putInForce({ list, view: new NetworkView(snapshot), encoded });
    this.log.info('list_accepted', { height: list.epoch, count: snapshot.nodes.length });
  }

  #putInForce(accepted: AcceptedList): void {
    this.#current = accepted;
    for (const listener of this.#listeners) listener(accepted);
  }

  #verified(signedText: string): NetworkList {
    return verifySignedList(this.primitives, parseSignedList(signedText), {
      network: this.config.SWARM_MANAGER_NETWORK,
      admins: this.config.SWARM_MANAGER_ADMINS,
      required: this.config.SWARM_MANAGER_ADMINS_REQUIRED,
    });
  }
}
