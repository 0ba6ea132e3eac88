import { Controller, Inject, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { SUBJECTS } from '#contracts';
import { Bus } from '#platform';
import { StartCheck } from '../twin/start-check.js';
import { Membership } from './membership.js';

/** Repeated although nothing changed: whoever missed a publication has it again soon. */
const REPEAT_MS = 30_000;

/** Tells the other services of the node who is in the network. */
@Controller()
export class MembershipController implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #isOpen = false;

  constructor(
    @Inject(Bus) private readonly bus: Bus,
    @Inject(Membership) private readonly membership: Membership,
    @Inject(StartCheck) private readonly start: StartCheck,
  ) {
    membership.onChange(() => this.#publish());
  }

  /** Nothing is told before it is certain that this node may serve. Throws StartRefused. */
  async onApplicationBootstrap(): Promise<void> {
    await this.start.passed();
    this.#isOpen = true;
    this.#publish();
    this.#timer = setInterval(() => this.#publish(), REPEAT_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  #publish(): void {
    const { current } = this.membership;
    if (this.#isOpen && current !== null) this.bus.publish(SUBJECTS.membershipSnapshot, current.encoded);
  }

  @MessagePattern(SUBJECTS.membershipCurrent)
  current(): Uint8Array {
    return this.membership.current?.encoded ?? new Uint8Array();
  }
}
