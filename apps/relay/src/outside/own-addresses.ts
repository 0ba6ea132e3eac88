import { networkInterfaces } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import { Standing } from '../readiness/standing.js';
import { canonicalAddress } from './public-address.js';

/** The addresses under which this node itself can be reached. A class of its own so that tests can choose them. */
export abstract class OwnAddresses {
  abstract includes(address: string): boolean;
}

/**
 * Read anew for each connection, a matter of microseconds against a handshake: interfaces come and go. The announced
 * address is not among them behind a NAT, where calling it would still end up at ourselves.
 */
@Injectable()
export class MachineAddresses extends OwnAddresses {
  constructor(@Inject(Standing) private readonly standing: Standing) {
    super();
  }

  override includes(address: string): boolean {
    const wanted = canonicalAddress(address);
    if (wanted === null) return false;
    if (wanted === this.standing.self?.ip) return true;
    return Object.values(networkInterfaces())
      .flatMap((entries) => entries ?? [])
      .some((entry) => canonicalAddress(entry.address) === wanted);
  }
}
