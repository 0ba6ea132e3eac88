import { beforeEach, describe, expect, it } from '@jest/globals';
import { OpenLine } from '../bandwidth/line.js';
import { relayLimits } from '../limits/budget.js';
import { Load } from '../limits/load.js';
import { UnfinishedMessage } from './unfinished-message.js';

describe('the bytes of a message that has not come whole', () => {
  let load: Load;
  let unfinished: UnfinishedMessage;
  beforeEach(() => {
    load = new Load({ ...relayLimits, bodyBytes: 100 });
    unfinished = new UnfinishedMessage(load, new OpenLine());
  });

  it('are held in the load until they are a message, whose work releases them', () => {
    expect([unfinished.add(60, 0), unfinished.add(40, 1), unfinished.add(1, 2)]).toEqual([true, true, false]);
    expect(unfinished.finish()).toBe(100);
    expect([load.bodyBytes, unfinished.finish()]).toEqual([100, 0]);
  });

  it('are as old as the first of them, and of no age when there are none', () => {
    expect(unfinished.isOlderThan(0, 1_000)).toBe(false);
    unfinished.add(1, 1_000);
    unfinished.add(1, 1_500);
    expect([unfinished.isOlderThan(500, 1_500), unfinished.isOlderThan(500, 1_501)]).toEqual([false, true]);
    unfinished.finish();
    unfinished.add(1, 1_501);
    expect(unfinished.isOlderThan(500, 2_001)).toBe(false);
  });

  it('do not count pings and pongs, which come with six bytes of their own', () => {
    unfinished.add(6 + 4, 0);
    unfinished.control(4);
    expect([load.bodyBytes, unfinished.isOlderThan(0, 9_999)]).toEqual([0, false]);
    unfinished.add(50, 10_000);
    unfinished.add(6, 10_001);
    unfinished.control(0);
    expect(unfinished.finish()).toBe(50);
  });
});
