import { Controller, Get, Inject } from '@nestjs/common';
import { NodeKey } from '#protocol';
import { Membership } from '../membership/membership.js';
import { SwarmManagerMetrics } from '../swarm-manager.metrics.js';
import type { NodeStatus } from './node-status.js';
import { StatusReader } from './status-reader.js';

@Controller('status')
export class StatusController {
  constructor(
    @Inject(StatusReader) private readonly reader: StatusReader,
    @Inject(Membership) membership: Membership,
    @Inject(NodeKey) self: NodeKey,
    @Inject(SwarmManagerMetrics) metrics: SwarmManagerMetrics,
  ) {
    membership.onChange(({ list, view }) => {
      metrics.inForce(list, view.snapshot.nodes.length, view.swarmOf(self.id)?.members.length ?? 0);
    });
  }

  @Get()
  status(): NodeStatus {
    return this.reader.read();
  }
}
