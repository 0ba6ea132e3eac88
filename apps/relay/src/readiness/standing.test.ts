import { beforeEach, describe, expect, it } from '@jest/globals';
import { INVALID_SWARM_ID, NetworkView, type NodeRecord } from '#protocol';
import { aNodeRecord } from '#testing';
import { Standing } from './standing.js';

const OWN = 'aa'.repeat(32);

const node = (changes: Partial<NodeRecord> = {}): NodeRecord =>
  aNodeRecord({ ed25519: OWN, ip: '192.0.2.1', httpsPort: 22_021, peerPort: 22_020, swarmId: 7n, ...changes });

const view = (nodes: readonly NodeRecord[], hardfork: readonly [number, number] = [19, 4]): NetworkView =>
  new NetworkView({ height: 1, blockHash: '00'.repeat(32), hardfork, nodes });

describe('the standing of a node', () => {
  let standing: Standing;
  beforeEach(() => {
    standing = new Standing(OWN);
  });

  it('is unknown before the first snapshot', () => {
    expect([standing.problem, standing.view, standing.self]).toEqual(['not done syncing', undefined, undefined]);
  });

  it.each<[string, NetworkView, string | null]>([
    ['an active member of a swarm', view([node()]), null],
    ['a node of the first allowed rules', view([node()], [19, 3]), null],
    ['a node of later rules', view([node()], [20, 0]), null],
    ['a stranger to the list', view([node({ ed25519: 'cc'.repeat(32) })]), 'not in any swarm'],
    ['a decommissioned node', view([node({ state: 'decommissioned' })]), 'not in any swarm'],
    ['a node that waits for a swarm', view([node({ swarmId: INVALID_SWARM_ID })]), 'not in any swarm'],
    ['a node of old rules', view([node()], [19, 2]), 'not yet on hardfork 19.3'],
    ['a stranger under old rules', view([], [18, 9]), 'not yet on hardfork 19.3; not in any swarm'],
  ])('of %s', (_name, snapshot, problem) => {
    standing.update(snapshot);
    expect(standing.problem).toBe(problem);
  });

  it('follows every snapshot', () => {
    standing.update(view([]));
    standing.update(view([node()]));
    expect([standing.problem, standing.self?.ip]).toEqual([null, '192.0.2.1']);
  });

  it('is that of a node out of step while its clock is not trusted, and as before when it is again', () => {
    standing.update(view([node()]));
    standing.trustClock(false);
    standing.update(view([node()], [19, 2]));
    expect([standing.problem, standing.self?.ip]).toEqual(['not done syncing', '192.0.2.1']);
    standing.trustClock(true);
    expect(standing.problem).toBe('not yet on hardfork 19.3');
  });

  it('is unknown although the clock is trusted, before the first snapshot', () => {
    standing.trustClock(true);
    expect(standing.problem).toBe('not done syncing');
  });

  it('stays what it is while the process finishes its work', () => {
    standing.leave();
    standing.update(view([node()]));
    expect([standing.isLeaving, standing.problem]).toEqual([true, null]);
  });

  it('is that of a leaving node to the end, whatever comes', () => {
    standing.update(view([node()]));
    standing.shutDown();
    standing.update(view([node()]));
    standing.trustClock(false);
    expect(standing.problem).toBe('shutting down');
  });
});
