import { Controller, Inject, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { SUBJECTS } from '#contracts';
import { Bus } from '#platform';
import { Membership } from './membership.js';

/** Repeated although nothing changed: whoever missed a publication has it again soon. */
const REPEAT_MS = 30_000;

/** Tells the other services of the node who is in the network. */
@Controller()
export class MembershipController implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(Bus) private readonly bus: Bus,
    @Inject(Membership) private readonly membership: Membership,
  ) {
    membership.onChange(({ encoded }) => bus.publish(SUBJECTS.membershipSnapshot, encoded));
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      if (this.membership.current !== null)
        this.bus.publish(SUBJECTS.membershipSnapshot, this.membership.current.encoded);
    }, REPEAT_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  @MessagePattern(SUBJECTS.membershipCurrent)
  current(): Uint8Array {
    return this.membership.current?.encoded ?? new Uint8Array();
  }
}
