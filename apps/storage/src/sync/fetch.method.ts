import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#platform';
import { WrongSwarm, type Bencodable } from '#protocol';
import { Mailboxes } from '../mailbox/mailboxes.js';
import { swarmBody } from '../membership/swarm-body.js';
import { SwarmView } from '../membership/swarm-view.js';
import { decodeFetchQuestion, encodeFetched, MAX_FETCHED_BYTES } from './fetch-codec.js';
import type { MemberMethod } from './member-methods.js';

/** Gives messages to a member of the swarm that both are in. docs/protocol/peer.md §7.2 */
@Injectable()
export class FetchMethod implements MemberMethod {
  readonly method = 'sync/fetch';

  constructor(
    @Inject(SwarmView) private readonly view: SwarmView,
    @Inject(Mailboxes) private readonly mailboxes: Mailboxes,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async answer(from: string, params: Uint8Array): Promise<Bencodable> {
    const { account, hashes } = decodeFetchQuestion(params);
    const nowMs = this.clock.now();
    const swarm = this.view.requireOwn(account, nowMs);
    if (!swarm.members.some(({ ed25519 }) => ed25519 === from)) {
      throw new WrongSwarm(swarmBody(swarm, this.view.hardfork, nowMs));
    }
    return encodeFetched(await this.mailboxes.fetch(account, hashes, MAX_FETCHED_BYTES, nowMs));
  }
}
