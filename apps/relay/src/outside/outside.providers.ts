import type { Provider } from '@nestjs/common';
import { RELAY_LIMITS, type RelayLimits } from '../limits/budget.js';
import { Load } from '../limits/load.js';
import { AnswerWriter } from '../listener/http-answer.js';
import { RELAY_CONFIG, type RelayConfig } from '../relay.config.js';
import { GuardedConnector } from './guarded-connector.js';
import { DnsHostNames, HostNames } from './host-names.js';
import { MachineAddresses, OwnAddresses } from './own-addresses.js';
import { OutsideServers } from './outside-servers.js';

/** Certificates that outside servers may also show; empty but in tests. */
export const OUTSIDE_CA = Symbol('OutsideCa');

export const outsideProviders: Provider[] = [
  { provide: HostNames, useClass: DnsHostNames },
  { provide: OwnAddresses, useClass: MachineAddresses },
  { provide: OUTSIDE_CA, useValue: null },
  {
    provide: GuardedConnector,
    inject: [HostNames, OwnAddresses, RELAY_CONFIG, OUTSIDE_CA],
    useFactory: (names: HostNames, own: OwnAddresses, config: RelayConfig, ca: string | null) =>
      new GuardedConnector(names, own, { allowed: new Set(config.OUTSIDE_ALLOW), ca }),
  },
  {
    provide: OutsideServers,
    inject: [GuardedConnector, Load, RELAY_LIMITS, AnswerWriter],
    useFactory: (connector: GuardedConnector, load: Load, limits: RelayLimits, writer: AnswerWriter) =>
      new OutsideServers({ connector, load, limits, userAgent: writer.product }),
  },
];
