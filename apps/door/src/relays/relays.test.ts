import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SetClock } from '#testing';
import { Relays } from './relays.js';

const NOBODY: ReadonlySet<string> = new Set();

function knownRelays(...addresses: string[]) {
  const clock = new SetClock();
  const told: boolean[] = [];
  const relays = new Relays(clock, (areServing) => told.push(areServing));
  relays.set(addresses);
  /** Takes the next one and keeps its connection. */
  const take = (): string => {
    const relay = relays.next(NOBODY);
    if (relay !== undefined) relay.connections += 1;
    return relay?.address ?? '';
  };
  return { clock, told, relays, take };
}

describe('Relays', () => {
  it('gives those that are alike in turn', () => {
    const { relays } = knownRelays('a', 'b', 'c');
    const turns = Array.from({ length: 6 }, () => relays.next(NOBODY)?.address);
    expect(turns).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  });

  it('keeps what is open equal, whoever leaves', () => {
    const { relays } = knownRelays('a', 'b', 'c');
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 100 }), (steps) => {
        relays.set([]);
        relays.set(['a', 'b', 'c']);
        for (const isArrival of steps) {
          const counts = ['a', 'b', 'c'].map((address) => {
            const others = new Set(['a', 'b', 'c'].filter((other) => other !== address));
            return relays.next(others)?.connections ?? 0;
          });
          const next = relays.next(NOBODY);
          expect(next?.connections).toBe(Math.min(...counts));
          if (next !== undefined && isArrival) next.connections += 1;
        }
      }),
    );
  });

  it('prefers others for two seconds to one that failed, and offers it when no other is left', () => {
    const { clock, relays } = knownRelays('a', 'b');
    const failing = relays.next(NOBODY);
    expect(failing?.address).toBe('a');
    if (failing === undefined) return;
    relays.failed(failing);
    const other = relays.next(NOBODY);
    if (other !== undefined) other.connections = 100;
    expect(relays.next(NOBODY)?.address).toBe('b');
    expect(relays.next(new Set(['b']))?.address).toBe('a');
    clock.ms += 2_000;
    expect(relays.next(NOBODY)?.address).toBe('a');
    relays.failed(failing);
    relays.worked(failing);
    expect(relays.next(NOBODY)?.address).toBe('a');
  });

  it('has none left when all were tried', () => {
    const { relays } = knownRelays('a', 'b');
    expect(relays.next(new Set(['a', 'b']))).toBeUndefined();
  });

  it('knows after a look-up what it knew of those that stay', () => {
    const { relays, take } = knownRelays('a', 'b');
    expect([take(), take(), take()]).toEqual(['a', 'b', 'a']);
    relays.set(['a', 'c', 'c']);
    expect(relays.count).toBe(2);
    expect([take(), take()]).toEqual(['c', 'c']);
    expect(take()).toBe('a');
  });

  it('keeps at most 64', () => {
    const { relays } = knownRelays(...Array.from({ length: 100 }, (_, index) => `${index}`));
    expect(relays.count).toBe(64);
  });

  it('tells once when none takes connections, and once when one does again', () => {
    const { relays, told } = knownRelays('a');
    const relay = relays.next(NOBODY);
    if (relay === undefined) return;
    relays.worked(relay);
    expect(told).toEqual([]);
    relays.noneWorked();
    relays.noneWorked();
    relays.worked(relay);
    relays.worked(relay);
    expect(told).toEqual([false, true]);
  });
});
