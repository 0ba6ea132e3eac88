import { Controller, Get, Inject } from '@nestjs/common';
import { Clock } from '#platform';
import { NodeKey, swarmIdToHex } from '#protocol';
import { ListPoll } from '../list/list-poll.js';
import { Membership } from '../membership/membership.js';
import { Reachability } from '../reachability/reachability.js';
import { SwarmManagerMetrics } from '../swarm-manager.metrics.js';

/** What the operator of this node wants to know at a glance. */
interface NodeStatus {
  readonly epoch: number | null;
  readonly list_age_ms: number | null;
  readonly list_expired: boolean;
  /** Why the list that can be read now is not taken. */
  readonly list_problem: string | null;
  readonly nodes: number;
  readonly state: 'active' | 'decommissioned' | 'unlisted';
  /** 16 hex digits; null in no swarm. */
  readonly swarm_id: string | null;
  readonly swarm_members: number;
  readonly peers: { readonly reachable: number; readonly unreachable: number };
}

@Controller('status')
export class StatusController {
  constructor(
    @Inject(Membership) private readonly membership: Membership,
    @Inject(Reachability) private readonly reachability: Reachability,
    @Inject(ListPoll) private readonly poll: ListPoll,
    @Inject(NodeKey) private readonly self: NodeKey,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(SwarmManagerMetrics) metrics: SwarmManagerMetrics,
  ) {
    membership.onChange(({ list, view }) => {
      metrics.inForce(list, view.snapshot.nodes.length, view.swarmOf(self.id)?.members.length ?? 0);
    });
  }

  @Get()
  status(): NodeStatus {
    const { list, view } = this.membership.current ?? {};
    const nowMs = this.clock.now();
    const swarm = view?.swarmOf(this.self.id);
    return {
      epoch: list?.epoch ?? null,
      list_age_ms: list === undefined ? null : nowMs - list.issuedMs,
      list_expired: list !== undefined && list.expiresMs < nowMs,
      list_problem: this.poll.problem,
      nodes: view?.snapshot.nodes.length ?? 0,
      state: view?.node(this.self.id)?.state ?? 'unlisted',
      swarm_id: swarm === undefined ? null : swarmIdToHex(swarm.id).padStart(16, '0'),
      swarm_members: swarm?.members.length ?? 0,
      peers: this.reachability.counts,
    };
  }
}
