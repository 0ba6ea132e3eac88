import type { Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Provider } from '@nestjs/common';
import { CONFIG } from '#platform';
import { BoundedAnswerRoom } from '../bandwidth/answer-room.js';
import { Line } from '../bandwidth/line.js';
import { LineMeter } from '../bandwidth/line-meter.js';
import { RELAY_LIMITS, type RelayLimits } from '../limits/budget.js';
import { ReadingTurns } from '../limits/reading-turns.js';
import { AnswerWriter } from '../listener/http-answer.js';
import { Standing } from '../readiness/standing.js';
import type { RelayConfig } from '../relay.config.js';
import { GuardedConnector, plainDialler } from './guarded-connector.js';
import { DnsHostNames, HostNames } from './host-names.js';
import { OutsideServers } from './outside-servers.js';
import { MachineAddresses, OwnAddresses } from './own-addresses.js';

export const outsideProviders: Provider[] = [
  { provide: HostNames, useClass: DnsHostNames },
  {
    provide: OwnAddresses,
    inject: [Standing],
    useFactory: (standing: Standing) => new MachineAddresses(standing, networkInterfaces),
  },
  {
    provide: GuardedConnector,
    inject: [HostNames, OwnAddresses, CONFIG],
    useFactory: (names: HostNames, own: OwnAddresses, config: RelayConfig) => {
      const allowed = new Set(config.RELAY_OUTSIDE_ALLOW);
      return new GuardedConnector(names, own, allowed, plainDialler(), config.RELAY_OUTSIDE === 'listed');
    },
  },
  {
    provide: OutsideServers,
    inject: [GuardedConnector, Line, LineMeter, BoundedAnswerRoom, ReadingTurns, RELAY_LIMITS, AnswerWriter],
    useFactory: (
      connector: GuardedConnector,
      line: Line,
      meter: LineMeter,
      room: BoundedAnswerRoom,
      turns: ReadingTurns,
      limits: RelayLimits,
      writer: AnswerWriter,
    ) => {
      const onConnection = (socket: Socket): void => meter.dialled(socket, 'outside');
      return new OutsideServers({ connector, onConnection, line, room, turns, limits, userAgent: writer.product });
    },
  },
];
