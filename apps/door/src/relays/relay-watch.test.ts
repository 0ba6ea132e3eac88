import { describe, expect, it } from '@jest/globals';
import { Log, Readiness } from '#platform';
import { SetClock } from '#testing';
import { HostLookUp } from './host-look-up.js';
import { RelayWatch } from './relay-watch.js';
import { Relays } from './relays.js';

class Names extends HostLookUp {
  asked = 0;
  answers: Readonly<Record<string, readonly string[] | undefined>> = {};
  /** While it is set, nothing is answered. */
  until: Promise<void> | undefined;

  override async addressesOf(name: string): Promise<readonly string[]> {
    this.asked += 1;
    await this.until;
    const addresses = this.answers[name];
    if (addresses === undefined) throw Object.assign(new Error('not there'), { code: 'ENOTFOUND' });
    return addresses;
  }
}

class Lines extends Log {
  readonly lines: string[] = [];
  trace(event: string): void {
    this.lines.push(event);
  }
  debug = this.trace.bind(this);
  info = this.trace.bind(this);
  warn = this.trace.bind(this);
  error = this.trace.bind(this);
}

function aWatch(...names: string[]) {
  const [clock, lookUp, readiness, log] = [new SetClock(), new Names(), new Readiness(), new Lines()];
  const relays = new Relays(clock);
  const watch = new RelayWatch({ names, lookUp, relays, readiness, log, clock });
  /** As later, when what is known is not fresh any more. */
  const lookLater = async (): Promise<void> => {
    clock.ms += 1_000;
    await watch.look();
  };
  return { clock, lookUp, readiness, log, relays, watch, lookLater };
}

describe('RelayWatch', () => {
  it('finds all addresses of all names, and follows them', async () => {
    const { lookUp, relays, lookLater, readiness } = aWatch('one', 'two');
    lookUp.answers = { one: ['10.0.0.1', '10.0.0.2'], two: ['2001:db8::1', '10.0.0.1'] };
    await lookLater();
    expect(relays.count).toBe(3);
    lookUp.answers = { one: [], two: ['2001:db8::1'] };
    await lookLater();
    expect(relays.count).toBe(1);
    expect(readiness.isReady).toBe(true);
  });

  it('keeps the last addresses of a name whose look-up fails, and says so once', async () => {
    const { lookUp, relays, lookLater, log } = aWatch('one', 'two');
    lookUp.answers = { one: ['10.0.0.1'], two: ['10.0.0.2'] };
    await lookLater();
    lookUp.answers = { two: ['10.0.0.3'] };
    await lookLater();
    await lookLater();
    expect([relays.next(new Set())?.address, relays.next(new Set())?.address]).toEqual(['10.0.0.1', '10.0.0.3']);
    lookUp.answers = { one: [], two: [] };
    await lookLater();
    lookUp.answers = {};
    await lookLater();
    const told = log.lines.filter((line) => line === 'relay_look_up_failed');
    expect(told).toHaveLength(1 + 2);
  });

  it('is not ready while there is no relay', async () => {
    const { lookUp, lookLater, readiness } = aWatch('one');
    await lookLater();
    expect(readiness.problems()).toEqual({ relays: expect.stringContaining('DOOR_RELAYS') });
    lookUp.answers = { one: ['10.0.0.1'] };
    await lookLater();
    expect(readiness.isReady).toBe(true);
  });

  it('asks once for all who want to know at the same time, and shortly after', async () => {
    const { lookUp, watch, clock, lookLater } = aWatch('one');
    lookUp.answers = { one: ['10.0.0.1'] };
    await Promise.all([watch.look(), watch.look(), watch.look()]);
    clock.ms += 199;
    await watch.look();
    expect(lookUp.asked).toBe(1);
    await lookLater();
    expect(lookUp.asked).toBe(2);
  });
});
