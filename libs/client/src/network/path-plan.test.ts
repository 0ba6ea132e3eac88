import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planPath } from './path-plan.js';
import type { PathPlan } from './path-plan.js';
import { subnetOf } from './service-node.js';
import type { ServiceNode } from './service-node.js';

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const node = (index: number, ip: string): ServiceNode => ({
  ed25519: index.toString(16).padStart(64, '0'),
  x25519: '00'.repeat(32),
  ip,
  httpsPort: 22021,
});
const spread = (count: number): ServiceNode[] => Array.from({ length: count }, (_, i) => node(i, `10.0.${i}.1`));
const idOf = (nodes: readonly ServiceNode[], index: number): string => nodes[index]?.ed25519 ?? '';

const plan = (usable: readonly ServiceNode[], change: Partial<PathPlan> = {}): ServiceNode[] | null =>
  planPath({
    usable,
    destinationId: '',
    guards: [],
    wantsGuard: false,
    doubtOf: () => 0,
    singleHost: false,
    hops: 3,
    random,
    ...change,
  });

describe('a path', () => {
  it('has distinct nodes of distinct /24 networks and never the destination, whatever the network', () => {
    const networks = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 12 });
    fc.assert(
      fc.property(networks, fc.nat(12), (subnets, destination) => {
        const nodes = subnets.map((subnet, index) => node(index, `10.0.${subnet}.${index}`));
        const destinationId = idOf(nodes, destination);
        const path = plan(nodes, { destinationId });
        const possible = new Set(nodes.filter(({ ed25519 }) => ed25519 !== destinationId).map(subnetOf)).size >= 3;
        expect(path !== null).toBe(possible);
        if (!path) return;
        expect(new Set(path.map(subnetOf)).size).toBe(3);
        expect(path.map(({ ed25519 }) => ed25519)).not.toContain(destinationId);
      }),
    );
  });

  it('may have nodes of one /24 on a single host', () => {
    const nodes = [1, 2, 3].map((index) => node(index, '127.0.0.1'));
    expect(plan(nodes)).toBeNull();
    expect(new Set(plan(nodes, { singleHost: true }))).toEqual(new Set(nodes));
  });

  it('begins with a guard and does not spend the other guard on a later hop', () => {
    const nodes = spread(5);
    const guards = [idOf(nodes, 1), idOf(nodes, 2)];
    for (let run = 0; run < 20; run++) {
      const [first, ...rest] = plan(nodes, { guards }) ?? [];
      expect(guards).toContain(first?.ed25519);
      for (const hop of rest) expect(guards).not.toContain(hop.ed25519);
    }
  });

  it('begins with the other guard when one is the destination', () => {
    const nodes = spread(5);
    const guards = [idOf(nodes, 1), idOf(nodes, 2)];
    expect(plan(nodes, { guards, destinationId: idOf(nodes, 1) })?.[0]?.ed25519).toBe(guards[1]);
  });

  it('begins with a doubtful guard only when no other may become one', () => {
    const nodes = spread(5);
    const guards = [idOf(nodes, 1)];
    const doubtOf = (id: string): number => (id === guards[0] ? 1 : 0);
    expect(plan(nodes, { guards, doubtOf })?.[0]?.ed25519).toBe(guards[0]);
    expect(plan(nodes, { guards, doubtOf, wantsGuard: true })?.[0]?.ed25519).not.toBe(guards[0]);
  });

  it('avoids doubtful nodes while there are others', () => {
    const nodes = spread(6);
    const doubted = [0, 1, 2].map((index) => idOf(nodes, index));
    const path = plan(nodes, { doubtOf: (id) => (doubted.includes(id) ? 1 : 0) });
    expect(path?.map(({ ed25519 }) => ed25519).some((id) => doubted.includes(id))).toBe(false);
    expect(plan(nodes.slice(0, 3), { doubtOf: () => 2 })).toHaveLength(3);
  });

  it('does not exist without enough nodes', () => {
    expect(plan([])).toBeNull();
    expect(plan(spread(2))).toBeNull();
    expect(plan(spread(2), { hops: 2 })).toHaveLength(2);
  });
});
