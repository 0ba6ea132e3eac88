import { beforeEach, describe, expect, it } from '@jest/globals';
import { passOn, relayLimits } from './budget.js';
import { Load } from './load.js';

describe('the load of a process', () => {
  let load: Load;
  beforeEach(() => {
    load = new Load({ ...relayLimits, requests: 2, bodyBytes: 10 });
  });

  it('has as many places as it was given, and gives a place back', () => {
    expect([load.enter(), load.enter(), load.enter()]).toEqual([true, true, false]);
    load.leave();
    expect(load.enter()).toBe(true);
    expect(load.requests).toBe(2);
  });

  it('holds bytes up to the bound and counts none that it refused', () => {
    expect([load.hold(6), load.hold(5), load.hold(4)]).toEqual([true, false, true]);
    expect(load.bodyBytes).toBe(10);
    load.release(10);
    expect(load.bodyBytes).toBe(0);
  });

  it('keeps a quarter of the bytes for small bodies', () => {
    const kib = 1024;
    const load = new Load({ ...relayLimits, bodyBytes: 1024 * kib });
    expect(load.hold(768 * kib)).toBe(true);
    expect(load.hold(kib, 128 * kib)).toBe(false);
    expect(load.hold(kib, 64 * kib)).toBe(true);
  });

  it('has room for a body that can become large, whatever it announces beyond that', () => {
    const kib = 1024;
    const load = new Load({ ...relayLimits, bodyBytes: 1024 * kib });
    load.hold(640 * kib);
    expect([load.hasRoomFor(256 * kib), load.hasRoomFor(10 * 1024 * kib)]).toEqual([true, true]);
    load.hold(1);
    expect([load.hasRoomFor(128 * kib), load.hasRoomFor(129 * kib)]).toEqual([true, false]);
    expect(load.bodyBytes).toBe(640 * kib + 1);
  });
});

describe('passOn', () => {
  it('keeps the margin for this node', () => {
    expect(passOn(10_000, 1_000.5, 250)).toBe(8_749);
  });

  it('gives nothing when there is no time left', () => {
    expect(passOn(1_000, 900, 250)).toBeLessThanOrEqual(0);
  });
});
