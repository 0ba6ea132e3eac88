import { describe, expect, it } from '@jest/globals';
import { NodePool } from './node-pool.js';
import type { ServiceNode } from './service-node.js';

const node = (id: string): ServiceNode => ({ ed25519: id, x25519: '', ip: '10.0.0.1', httpsPort: 1 });

function pool(...ids: string[]): { pool: NodePool; time: { ms: number } } {
  const time = { ms: 0 };
  const made = new NodePool(() => time.ms);
  made.replace(ids.map(node));
  return { pool: made, time };
}

describe('NodePool', () => {
  it('sets a node aside at its third strike, for a minute', () => {
    const { pool: nodes, time } = pool('a', 'b');
    expect([nodes.strike('a'), nodes.strike('a'), nodes.isUsable('a')]).toEqual([false, false, true]);
    expect([nodes.strike('a'), nodes.isUsable('a')]).toEqual([true, false]);
    expect(nodes.usable().map(({ ed25519 }) => ed25519)).toEqual(['b']);
    time.ms = 60_000;
    expect(nodes.isUsable('a')).toBe(true);
    expect(nodes.strike('a')).toBe(true); // and again at once
  });

  it('forgets strikes when it worked, and all of them on request', () => {
    const { pool: nodes } = pool('a', 'b');
    nodes.strike('a');
    nodes.clear('a');
    expect(nodes.strikesOf('a')).toBe(0);
    nodes.setAside('b');
    nodes.forgiveAll();
    expect(nodes.isUsable('b')).toBe(true);
  });

  it('keeps what it knows of nodes that stay in the list', () => {
    const { pool: nodes } = pool('a', 'b');
    nodes.strike('a');
    nodes.strike('b');
    nodes.replace([node('a'), node('c')]);
    nodes.replace([node('a'), node('b')]);
    expect([nodes.strikesOf('a'), nodes.strikesOf('b'), nodes.size]).toEqual([1, 0, 2]);
  });

  it('knows nothing of nodes that are not in the list', () => {
    const { pool: nodes } = pool('a');
    nodes.remove('a');
    nodes.strike('a');
    expect([nodes.strikesOf('a'), nodes.isUsable('a'), nodes.get('a')]).toEqual([0, false, undefined]);
  });
});
