import { Resolver, lookup } from 'node:dns/promises';
import { Injectable } from '@nestjs/common';

/** Turns a name into addresses. A class of its own so that tests can be the name server. */
export abstract class HostNames {
  /** All addresses of a name a stranger gave us, IPv4 first; empty when there is none or no answer within the time. */
  abstract resolve(name: string, timeoutMs: number): Promise<readonly string[]>;
  /** The same for a name the operator gave us, as this machine sees it. */
  abstract resolveTrusted(name: string, timeoutMs: number): Promise<readonly string[]>;
}

/** One repetition, for the packet that got lost. */
const TRIES = 2;

@Injectable()
export class DnsHostNames extends HostNames {
  /**
   * Asks the name servers itself: getaddrinfo would hold one of four threads for as long as a stranger's name server
   * cares to take, and would read /etc/hosts and search domains, which are this machine's inside.
   */
  async resolve(name: string, timeoutMs: number): Promise<readonly string[]> {
    const resolver = new Resolver({ timeout: Math.max(1, Math.floor(timeoutMs / TRIES)), tries: TRIES });
    const timer = setTimeout(() => resolver.cancel(), timeoutMs);
    try {
      const [four, six] = await Promise.all([orNone(resolver.resolve4(name)), orNone(resolver.resolve6(name))]);
      return [...four, ...six];
    } finally {
      clearTimeout(timer);
    }
  }

  async resolveTrusted(name: string, timeoutMs: number): Promise<readonly string[]> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<readonly string[]>((resolve) => {
      timer = setTimeout(() => resolve([]), timeoutMs);
    });
    const found = orNone(lookup(name, { all: true, order: 'ipv4first' }).then((all) => all.map((one) => one.address)));
    return Promise.race([found, tooLate]).finally(() => clearTimeout(timer));
  }
}

/** A name without addresses of one kind is no failure; neither is a name server that does not know it. */
function orNone(answer: Promise<string[]>): Promise<string[]> {
  return answer.catch(() => []);
}
