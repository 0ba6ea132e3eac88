import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SetClock } from '#testing';
import { HandshakeGate, type HandshakeLimits } from './handshake-gate.js';

class Connection extends Duplex {
  constructor(readonly remoteAddress: string) {
    super({ read: () => undefined, write: (_piece, _encoding, done) => done() });
  }
}

function aGate(limits: Partial<HandshakeLimits> = {}) {
  const clock = new SetClock(0);
  const gate = new HandshakeGate({ clock, limits: { takingMs: 0, ...limits } });
  const begun: string[] = [];
  const arrive = (address: string): Connection => {
    const connection = new Connection(address);
    gate.arrive(connection as never, () => begun.push(address));
    return connection;
  };
  return { clock, gate, begun, arrive };
}

/** Until nobody waits; more turns than any test needs would mean that it never ends. */
async function settle(gate: HandshakeGate): Promise<void> {
  for (let i = 0; i < 1_000 && gate.waiting > 0; i += 1) await turn();
}

describe('the gate before handshakes', () => {
  it('begins so many in a turn and leaves the rest for later ones', async () => {
    const { gate, begun, arrive } = aGate({ perTurn: 2 });
    for (const address of ['a', 'b', 'c', 'd', 'e']) arrive(address);
    expect(begun).toEqual([]);
    await turn();
    expect(begun).toEqual(['a', 'b']);
    await settle(gate);
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('begins more after a long turn, up to a bound', async () => {
    const { clock, gate, begun, arrive } = aGate({ perTurn: 2, everyMs: 4, mostPerTurn: 5 });
    for (let i = 0; i < 14; i += 1) arrive('a');
    const counts: number[] = [];
    for (const turnMs of [12, 1_000, 0, 7]) {
      clock.ms += turnMs;
      const before = begun.length;
      await turn();
      counts.push(begun.length - before);
    }
    expect(counts).toEqual([3, 5, 2, 2]);
    expect(gate.waiting).toBe(2);
  });

  it('takes all that have come before it begins, so that who comes last need not wait for them', async () => {
    const { gate, begun, arrive } = aGate({ perTurn: 1, takingMs: 8 });
    for (const address of ['a', 'a', 'a', 'b']) {
      arrive(address); // one a turn, as the system hands them over
      await turn();
    }
    expect(begun).toEqual([]);
    await settle(gate);
    expect(begun).toEqual(['a', 'b', 'a', 'a']);
  });

  it('begins some now and then while others come without end', async () => {
    const { clock, gate, begun, arrive } = aGate({ perTurn: 1, mostPerTurn: 1, takingMs: 8 });
    for (let i = 0; i < 12; i += 1) {
      arrive('a');
      clock.ms += 3;
      await turn();
    }
    expect(begun).toHaveLength(4); // after 9 ms each
    expect(gate.waiting).toBe(8);
  });

  it('lets sources take turns, however many come from one', async () => {
    const { gate, begun, arrive } = aGate({ perTurn: 1 });
    for (const address of ['a', 'a', 'a', 'a', 'b', 'c', 'b']) arrive(address);
    await settle(gate);
    expect(begun).toEqual(['a', 'b', 'c', 'a', 'b', 'a', 'a']);
  });

  it('refuses beyond what may wait, of one source and of all', () => {
    const { gate, arrive } = aGate({ waiting: 3, waitingOfSource: 2 });
    const arrivals = ['a', 'a', 'a', 'b', 'b'].map(arrive);
    expect(arrivals.map(({ destroyed }) => destroyed)).toEqual([false, false, true, false, true]);
    expect(gate.refused).toBe(2);
  });

  it('has room for one with nobody waiting when others have more than their share', async () => {
    const { gate, begun, arrive } = aGate({ perTurn: 1, waiting: 4 });
    const crowd = ['a', 'a', 'a', 'b'].map(arrive);
    const honest = arrive('c');
    expect(crowd.map(({ destroyed }) => destroyed)).toEqual([false, false, true, false]);
    expect(honest.destroyed).toBe(false);
    expect([arrive('a').destroyed, arrive('c').destroyed]).toEqual([true, true]);
    expect([gate.waiting, gate.refused]).toEqual([4, 3]);
    await settle(gate);
    expect(begun).toEqual(['a', 'b', 'c', 'a']);
  });

  it('refuses a source that has all of its connections, until one ends', async () => {
    const { gate, begun, arrive } = aGate({ ofSource: 2 });
    const first = arrive('a');
    arrive('a');
    await settle(gate);
    expect(arrive('a').destroyed).toBe(true);
    expect(arrive('b').destroyed).toBe(false);
    first.destroy();
    await turn();
    expect(arrive('a').destroyed).toBe(false);
    await settle(gate);
    expect(begun).toEqual(['a', 'a', 'b', 'a']);
  });

  it('closes the oldest connection of whoever has most for somebody with fewer, when all are taken', async () => {
    const { gate, begun, arrive } = aGate({ connections: 4 });
    const [oldest, ...others] = ['a', 'a', 'b', 'a'].map(arrive);
    await settle(gate);
    const newcomer = arrive('c');
    expect([oldest, ...others, newcomer].map((each) => each?.destroyed)).toEqual([true, false, false, false, false]);
    await settle(gate);
    expect(begun).toEqual(['a', 'b', 'a', 'a', 'c']);
    expect([gate.gaveWay, gate.refused]).toEqual([1, 0]);
  });

  it('closes nothing for a source that would then have most itself, or has all that one may', async () => {
    const { gate, arrive } = aGate({ connections: 4, ofSource: 3 });
    const open = ['a', 'a', 'b', 'b'].map(arrive);
    await settle(gate);
    const late = ['a', 'b', 'a'].map(arrive);
    expect(late.every(({ destroyed }) => destroyed)).toBe(true);
    expect(open.some(({ destroyed }) => destroyed)).toBe(false);
    expect([gate.gaveWay, gate.refused]).toEqual([0, 3]);
  });

  it('never has more than all of its connections, whoever comes and goes', async () => {
    const comings = fc.array(fc.record({ from: fc.constantFrom('a', 'b', 'c', 'd'), leaves: fc.nat(9) }));
    await fc.assert(
      fc.asyncProperty(comings, async (all) => {
        const { gate, arrive } = aGate({ connections: 5, ofSource: 4 });
        const here: Connection[] = [];
        for (const { from, leaves } of all) {
          here.push(arrive(from));
          here[leaves]?.destroy();
          await turn();
          const open = here.filter(({ destroyed }) => !destroyed);
          expect(open.length).toBeLessThanOrEqual(5);
          for (const source of ['a', 'b', 'c', 'd']) {
            expect(open.filter(({ remoteAddress }) => remoteAddress === source).length).toBeLessThanOrEqual(4);
          }
        }
        for (const each of here) each.destroy();
        await settle(gate);
        await turn();
        expect([gate.waiting, gate.sources]).toEqual([0, 0]);
      }),
    );
  });

  it('begins nothing for somebody who has left or waited too long', async () => {
    const { clock, gate, begun, arrive } = aGate({ waitMs: 100 });
    arrive('gone').destroy();
    const late = arrive('late');
    clock.ms = 101;
    arrive('on time');
    await settle(gate);
    expect(begun).toEqual(['on time']);
    expect(late.destroyed).toBe(true);
  });

  it('keeps no source without a connection, whatever came and went', async () => {
    const comings = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.boolean()), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(comings, async (arrivals) => {
        const { gate, arrive } = aGate({ waiting: 8, waitingOfSource: 4, ofSource: 5 });
        const connections: Connection[] = [];
        for (const [address, isTurn] of arrivals) {
          connections.push(arrive(address));
          expect(gate.waiting).toBeLessThanOrEqual(8);
          if (isTurn) await turn();
        }
        for (const connection of connections) connection.destroy();
        await settle(gate);
        await turn();
        expect([gate.waiting, gate.sources]).toEqual([0, 0]);
      }),
      { numRuns: 50 },
    );
  });
});
