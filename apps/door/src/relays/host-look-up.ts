import { lookup } from 'node:dns/promises';

/** Names to addresses. A class of its own so that tests can say what a name has. */
export abstract class HostLookUp {
  /** All addresses of a name; an address is its own. Rejects with the system's error. */
  abstract addressesOf(name: string): Promise<readonly string[]>;
}

/** As every other program of this machine asks, with its hosts file. */
export class DnsLookUp extends HostLookUp {
  override async addressesOf(name: string): Promise<readonly string[]> {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  }
}
