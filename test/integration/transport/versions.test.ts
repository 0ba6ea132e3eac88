import { afterEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { SetClock } from '#testing';
import { PeerUnreachable, TlsPeerTransport, watchedContract, type PeerReply } from '#transport';
import { MemoryLog } from '../memory-log.js';
import { CALLER, Meeting } from './two-nodes.js';

const TIMEOUT_MS = 10_000;
const FRAME = [Buffer.from('frame')];
const OK: PeerReply = { status: 200, body: Buffer.from('answer') };
const COUNTER = 'peer_other_version_messages_total';

const USED = {
  older: 'other nodes speak an older version of the peer contract; they are worked with',
  newer: 'other nodes speak a newer version of the peer contract; they are worked with',
};
const TOO_OLD = 'other nodes speak a version of the peer contract that is too old; they have to be upgraded';
const TOO_NEW = 'other nodes speak a version of the peer contract that is too new; upgrade this node';

/** What one node makes of the versions of others. */
function watching(version?: number) {
  const [log, registry] = [new MemoryLog(), new Registry()];
  return {
    contract: watchedContract(log, registry, version),
    /** Level, version and sentence of each line. */
    lines: () => log.lines.map(({ level, fields }) => [level, fields.version, fields.reason]),
    /** Each series, by its labels. */
    counted: async () => {
      const { values = [] } = (await registry.getSingleMetric(COUNTER)?.get()) ?? {};
      return Object.fromEntries(values.map(({ labels, value }) => [`${labels.relation} ${labels.outcome}`, value]));
    },
  };
}

const NONE = { 'older used': 0, 'older refused': 0, 'newer used': 0, 'newer refused': 0 };

describe('two nodes of different releases', () => {
  const { listen, dial, end } = new Meeting();
  afterEach(end);

  /** A node that answers everything, and one that asks it. */
  async function meet(callerVersion: number, calledVersion: number) {
    const [caller, called] = [watching(callerVersion), watching(calledVersion)];
    const heard: string[] = [];
    const hear = (what: string): Promise<PeerReply> => {
      heard.push(what);
      return Promise.resolve(OK);
    };
    const { address } = await listen(
      {
        onion: () => hear('onion'),
        commands: (all) => all.map(({ method }) => hear(method)),
        standing: () => Promise.resolve({ instance: 'cd'.repeat(16), test: null, otherAgeMs: null }),
      },
      {},
      { contract: called.contract },
    );
    const clock = new SetClock(Date.now()); // a pause that began ends when the test says so
    const peers = dial(new TlsPeerTransport(CALLER.seed, clock, caller.contract));
    return { caller, called, heard, address, peers, clock };
  }

  it.each([
    [1, 2, 'newer', 'older'],
    [2, 1, 'older', 'newer'],
  ] as const)('work together when they speak %d and %d', async (callerVersion, calledVersion, seen, seenBack) => {
    const { caller, called, heard, address, peers } = await meet(callerVersion, calledVersion);
    for (let time = 0; time < 2; time++) {
      expect(await peers.onion(address, FRAME, TIMEOUT_MS)).toEqual(OK);
      expect(await peers.command(address, 'store', Buffer.from('de'), TIMEOUT_MS)).toEqual(OK);
    }
    await peers.ping(address, TIMEOUT_MS);
    expect(await peers.standing(address, 'ab'.repeat(16), TIMEOUT_MS)).toMatchObject({ instance: 'cd'.repeat(16) });
    expect(heard).toEqual(['onion', 'store', 'onion', 'store']);
    expect(await caller.counted()).toEqual({ ...NONE, [`${seen} used`]: 6 });
    expect(await called.counted()).toEqual({ ...NONE, [`${seenBack} used`]: 6 });
    expect(caller.lines()).toEqual([['info', String(calledVersion), USED[seen]]]);
    expect(called.lines()).toEqual([['info', String(callerVersion), USED[seenBack]]]);
  });

  it('do not when one is two ahead: it refuses unread, and is left alone', async () => {
    const { caller, called, heard, address, peers } = await meet(1, 3);
    await expect(peers.onion(address, FRAME, TIMEOUT_MS)).rejects.toThrow(
      new PeerUnreachable('the peer speaks a version of the contract that is too far from ours (505)'),
    );
    await expect(peers.command(address, 'store', Buffer.from('de'), TIMEOUT_MS)).rejects.toThrow(
      new PeerUnreachable('left alone after a failure'),
    );
    expect(heard).toEqual([]);
    expect(await caller.counted()).toEqual({ ...NONE, 'newer refused': 1 });
    expect(await called.counted()).toEqual({ ...NONE, 'older refused': 1 });
    expect(caller.lines()).toEqual([['warn', '3', TOO_NEW]]);
    expect(called.lines()).toEqual([['warn', '1', TOO_OLD]]);
  });

  it('are left alone longer each time, although the handshake succeeds', async () => {
    const { address, peers, clock } = await meet(1, 3);
    const ask = (): Promise<PeerReply> => peers.onion(address, FRAME, TIMEOUT_MS);
    for (const pauseMs of [250, 500, 1_000]) {
      await expect(ask()).rejects.toThrow('(505)');
      clock.ms += pauseMs - 1;
      await expect(ask()).rejects.toThrow('left alone after a failure');
      clock.ms += 1;
    }
  });
});

describe('what a node says of other versions', () => {
  it('neither fills its log nor brings text of others into it', async () => {
    const node = watching();
    expect(node.contract.serves('a secret word')).toBe(false);
    for (let version = 100; version < 200; version++) node.contract.serves(String(version));
    expect(node.lines()).toHaveLength(16);
    expect(node.lines()[0]).toEqual(['warn', 'unknown', TOO_NEW]);
    expect(await node.counted()).toEqual({ ...NONE, 'newer refused': 101 });
  });
});
