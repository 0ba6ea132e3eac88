import type { Provider } from '@nestjs/common';
import { CONFIG } from '#platform';
import { RELAY_LIMITS, type RelayLimits } from '../limits/budget.js';
import { Load } from '../limits/load.js';
import { ReadingTurns } from '../limits/reading-turns.js';
import { AnswerWriter } from '../listener/http-answer.js';
import type { RelayConfig } from '../relay.config.js';
import { GuardedConnector } from './guarded-connector.js';
import { DnsHostNames, HostNames } from './host-names.js';
import { OutsideServers } from './outside-servers.js';
import { MachineAddresses, OwnAddresses } from './own-addresses.js';

export const outsideProviders: Provider[] = [
  { provide: HostNames, useClass: DnsHostNames },
  { provide: OwnAddresses, useClass: MachineAddresses },
  {
    provide: GuardedConnector,
    inject: [HostNames, OwnAddresses, CONFIG],
    useFactory: (names: HostNames, own: OwnAddresses, config: RelayConfig) =>
      new GuardedConnector(names, own, new Set(config.RELAY_OUTSIDE_ALLOW)),
  },
  {
    provide: OutsideServers,
    inject: [GuardedConnector, Load, ReadingTurns, RELAY_LIMITS, AnswerWriter],
    useFactory: (
      connector: GuardedConnector,
      load: Load,
      turns: ReadingTurns,
      limits: RelayLimits,
      writer: AnswerWriter,
    ) => new OutsideServers({ connector, load, turns, limits, userAgent: writer.product }),
  },
];
