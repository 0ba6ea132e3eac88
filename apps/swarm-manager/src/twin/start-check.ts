import { Inject, Injectable } from '@nestjs/common';
import { StartRefused } from '#platform';
import { NodeKey } from '#protocol';
import { ListPoll } from '../list/list-poll.js';
import { Membership } from '../membership/membership.js';
import { TwinWatch } from './twin-watch.js';

/** Keeps a node from serving beside another one with its key. docs/protocol/membership.md §8.2 */
@Injectable()
export class StartCheck {
  #outcome: Promise<void> | undefined;

  constructor(
    @Inject(ListPoll) private readonly poll: ListPoll,
    @Inject(TwinWatch) private readonly watch: TwinWatch,
    @Inject(Membership) private readonly membership: Membership,
    @Inject(NodeKey) private readonly self: NodeKey,
  ) {}

  /** Settles when this node may serve. Throws StartRefused. */
  passed(): Promise<void> {
    this.#outcome ??= this.#look();
    return this.#outcome;
  }

  async #look(): Promise<void> {
    await this.poll.firstRead;
    if ((await this.watch.lookOnce()) === null) return;
    const { ip = '', peerPort = 0 } = this.membership.current?.view.node(this.self.id) ?? {};
    throw new StartRefused(
      `another node with this key answers at ${ip}:${peerPort} and does not belong to this one; ` +
        'stop it, or give one of both a key of its own',
    );
  }
}
