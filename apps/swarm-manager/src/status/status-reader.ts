import { Inject, Injectable } from '@nestjs/common';
import { Clock, CONFIG, ownVersion } from '#platform';
import { NodeKey, swarmIdToHex, type NodeRecord } from '#protocol';
import { ListPoll } from '../list/list-poll.js';
import { Membership } from '../membership/membership.js';
import { Reachability } from '../reachability/reachability.js';
import type { SwarmManagerConfig } from '../swarm-manager.config.js';
import { Traffic } from '../traffic/traffic.js';
import type { MemberStatus, NodeStatus } from './node-status.js';
import { StandingStatus } from './standing-status.js';
import { warningsOf } from './warnings.js';

/** Puts together what this service knows of its node. */
@Injectable()
export class StatusReader {
  readonly #version = ownVersion();
  readonly #startedMs: number;

  constructor(
    @Inject(Membership) private readonly membership: Membership,
    @Inject(Reachability) private readonly reachability: Reachability,
    @Inject(StandingStatus) private readonly standing: StandingStatus,
    @Inject(Traffic) private readonly traffic: Traffic,
    @Inject(ListPoll) private readonly poll: ListPoll,
    @Inject(NodeKey) private readonly self: NodeKey,
    @Inject(CONFIG) private readonly config: SwarmManagerConfig,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    this.#startedMs = clock.monotonicMs();
  }

  read(): NodeStatus {
    const status = {
      version: this.#version,
      reported_version: this.config.SWARM_MANAGER_REPORTED_VERSION.join('.'),
      uptime_ms: Math.round(this.clock.monotonicMs() - this.#startedMs),
      now_ms: this.clock.now(),
      ...this.#place(),
      ...this.#list(),
      peers: this.reachability.counts,
      ...this.standing.read(),
      traffic: {
        minutes: this.traffic.minutes().map(({ atMs, requests, bytesIn, bytesOut }) => {
          return { at_ms: atMs, requests, bytes_in: bytesIn, bytes_out: bytesOut };
        }),
      },
    };
    return { ...status, warnings: warningsOf(status, this.standing.untested()) };
  }

  #place(): Pick<
    NodeStatus,
    'key' | 'address' | 'state' | 'serving' | 'swarm_id' | 'swarm_members' | 'nodes' | 'swarm'
  > {
    const view = this.membership.current?.view;
    const listed = view?.node(this.self.id);
    const swarm = view?.swarmOf(this.self.id);
    const members = swarm?.members ?? [];
    const isSelf = ({ ed25519 }: NodeRecord): boolean => ed25519 === this.self.id;
    return {
      key: this.self.id,
      address:
        listed === undefined ? null : { ip: listed.ip, https_port: listed.httpsPort, peer_port: listed.peerPort },
      state: listed?.state ?? 'unlisted',
      serving: swarm !== undefined && this.standing.isClockTrusted,
      swarm_id: swarm === undefined ? null : swarmIdToHex(swarm.id).padStart(16, '0'),
      swarm_members: members.length,
      nodes: view?.snapshot.nodes.length ?? 0,
      swarm: [...members.filter(isSelf), ...members.filter((node) => !isSelf(node))].map((node) => this.#member(node)),
    };
  }

  #list(): Pick<NodeStatus, 'epoch' | 'list_age_ms' | 'list_expires_in_ms' | 'list_expired' | 'list_problem'> {
    const { list } = this.membership.current ?? {};
    const nowMs = this.clock.now();
    return {
      epoch: list?.epoch ?? null,
      list_age_ms: list === undefined ? null : nowMs - list.issuedMs,
      list_expires_in_ms: list === undefined ? null : list.expiresMs - nowMs,
      list_expired: list !== undefined && list.expiresMs < nowMs,
      list_problem: this.poll.problem,
    };
  }

  #member(node: NodeRecord): MemberStatus {
    const test = this.reachability.lastTest(node.ed25519);
    return {
      ed25519: node.ed25519,
      ip: node.ip,
      https_port: node.httpsPort,
      peer_port: node.peerPort,
      self: node.ed25519 === this.self.id,
      reachable: test === undefined ? null : test.public && test.peer,
      public: test?.public ?? null,
      peer: test?.peer ?? null,
      tested_age_ms: test === undefined ? null : Math.round(this.clock.monotonicMs() - test.atMs),
      answer_ms: test === undefined ? null : Math.round(test.tookMs),
    };
  }
}
