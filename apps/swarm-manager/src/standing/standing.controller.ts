import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { decodeStandingQuestion, encodeStandingKnown, SUBJECTS } from '#contracts';
import { Clock, CONFIG } from '#platform';
import { NodeKey, type TestOfAsker } from '#protocol';
import { Membership } from '../membership/membership.js';
import { Reachability } from '../reachability/reachability.js';
import type { SwarmManagerConfig } from '../swarm-manager.config.js';
import { TwinWatch } from '../twin/twin-watch.js';
import { ClockWatch } from './clock-watch.js';
import { INSTANCE } from './instance.js';
import { Visitors } from './visitors.js';

/** A test older than so many means of the times between tests, 10 s, is done again for whoever asks. docs/protocol/peer.md §8.4 */
const OLD_AFTER = 3;

/** Tells other nodes how we see them, and the services of this node what it is worth. docs/protocol/peer.md §8 */
@Controller()
export class StandingController {
  readonly #visitors = new Visitors();

  constructor(
    @Inject(Reachability) private readonly reachability: Reachability,
    @Inject(ClockWatch) private readonly watch: ClockWatch,
    @Inject(TwinWatch) private readonly twins: TwinWatch,
    @Inject(NodeKey) private readonly self: NodeKey,
    @Inject(INSTANCE) private readonly instance: string,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: SwarmManagerConfig,
    @Inject(Membership) membership: Membership,
  ) {
    membership.onChange(({ view }) => this.#visitors.keep((node) => view.node(node) !== undefined));
  }

  @MessagePattern(SUBJECTS.standingCurrent)
  current(): Uint8Array {
    return this.watch.encoded();
  }

  @MessagePattern(SUBJECTS.standingAsk)
  ask(@Payload() bytes: Uint8Array): Uint8Array {
    const { from, instance } = decodeStandingQuestion(bytes);
    if (from === this.self.id) this.twins.visited(instance);
    const otherAgeMs = this.#visitors.note(from, instance, this.clock.monotonicMs());
    return encodeStandingKnown({ instance: this.instance, test: this.#testOf(from), otherAgeMs });
  }

  #testOf(node: string): TestOfAsker | null {
    const test = this.reachability.lastTest(node);
    const ageMs = test === undefined ? Infinity : this.clock.monotonicMs() - test.atMs;
    if (ageMs > OLD_AFTER * this.config.SWARM_MANAGER_PING_INTERVAL_MS) this.reachability.order(node);
    if (test === undefined) return null;
    const { ip, httpsPort, peerPort } = test.node;
    return {
      ageMs,
      ip,
      public: { port: httpsPort, isReached: test.public },
      peer: { port: peerPort, isReached: test.peer },
    };
  }
}
