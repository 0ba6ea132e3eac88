import { describe, expect, it } from '@jest/globals';
import { NetworkTooSmall, SubnetsTooFew } from './network-errors.js';
import { NodePool } from './node-pool.js';
import { Paths } from './paths.js';
import type { OnionPath, PathsOptions } from './paths.js';
import type { ServiceNode } from './service-node.js';
import type { TraceEvent } from './trace.js';

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const NONE = new Set<string>();
const node = (index: number): ServiceNode => ({
  ed25519: index.toString(16).padStart(64, '0'),
  x25519: '',
  ip: `10.0.${index}.1`,
  httpsPort: 22021,
});
const idsOf = ({ nodes }: OnionPath): string[] => nodes.map(({ ed25519 }) => ed25519);

interface World {
  readonly pool: NodePool;
  readonly paths: Paths;
  readonly time: { ms: number };
  readonly trace: TraceEvent[];
}

function world(count: number, options: Partial<PathsOptions> = {}): World {
  const time = { ms: 0 };
  const trace: TraceEvent[] = [];
  const monotonicMs = (): number => time.ms;
  const pool = new NodePool(monotonicMs);
  pool.replace(Array.from({ length: count }, (_, index) => node(index)));
  const observe = (event: TraceEvent) => trace.push(event);
  const paths = new Paths(pool, { random, monotonicMs, singleHost: false, trace: observe, guards: [], ...options });
  return { pool, paths, time, trace };
}

describe('Paths', () => {
  it('keeps a path for the next request', () => {
    const { paths } = world(12);
    const path = paths.pathTo('x', NONE);
    expect(path.nodes).toHaveLength(3);
    expect(paths.pathTo('x', NONE)).toBe(path);
  });

  it('has a path without the destination for every destination', () => {
    const { paths, pool } = world(4);
    for (let round = 0; round < 3; round++) {
      for (const { ed25519 } of pool.all()) expect(idsOf(paths.pathTo(ed25519, NONE))).not.toContain(ed25519);
    }
  });

  it('leaves a path after ten minutes and keeps its guard', () => {
    const { paths, time } = world(30);
    const path = paths.pathTo('x', NONE);
    time.ms = 600_000;
    const next = paths.pathTo('x', NONE);
    expect(next).not.toBe(path);
    expect(paths.guardIds).toContain(next.nodes[0]?.ed25519);
  });

  it('begins with the guards of an earlier run', () => {
    const guards = [node(5).ed25519, node(7).ed25519];
    const { paths } = world(12, { guards });
    expect(guards).toContain(paths.pathTo('x', NONE).nodes[0]?.ed25519);
    expect(paths.guardIds).toEqual(guards);
  });

  it('prefers another path to one with a strike, and drops one with three', () => {
    const { paths, trace, pool } = world(12);
    const path = paths.pathTo('x', NONE);
    paths.failed(path, { kind: 'path' });
    expect(paths.pathTo('x', NONE)).not.toBe(path);
    paths.failed(path, { kind: 'path' });
    expect(trace.filter(({ kind }) => kind === 'path-dropped')).toHaveLength(0);
    paths.failed(path, { kind: 'path' });
    expect(trace).toContainEqual(expect.objectContaining({ kind: 'path-dropped', reason: 'path' }));
    expect(idsOf(path).map((id) => pool.strikesOf(id))).toEqual([1, 1, 1]);
    expect(paths.guardIds).not.toContain(path.nodes[0]?.ed25519);
  });

  it('forgets strikes when it works again', () => {
    const { paths, pool } = world(12);
    const path = paths.pathTo('x', NONE);
    paths.failed(path, { kind: 'guard-busy' });
    paths.succeeded(path);
    expect([path.strikes, pool.strikesOf(path.nodes[0]?.ed25519 ?? '')]).toEqual([0, 0]);
    expect(paths.pathTo('x', NONE)).toBe(path);
  });

  it.each([
    ['node-gone', (pool: NodePool, id: string) => pool.get(id) === undefined],
    ['node-unreachable', (pool: NodePool, id: string) => !pool.isUsable(id)],
    ['node-not-ready', (pool: NodePool, id: string) => pool.strikesOf(id) === 1],
  ] as const)('believes %s of a node that is on the path', (kind, isDone) => {
    const { paths, pool } = world(12);
    const path = paths.pathTo('x', NONE);
    const [, nodeId = ''] = idsOf(path);
    paths.failed(path, { kind, nodeId });
    expect(isDone(pool, nodeId)).toBe(true);
    expect(paths.pathTo('x', NONE)).not.toBe(path);
  });

  it('does not believe it of a node elsewhere', () => {
    const { paths, pool } = world(12);
    const path = paths.pathTo('x', NONE);
    const other = pool.all().find(({ ed25519 }) => !idsOf(path).includes(ed25519))?.ed25519 ?? '';
    paths.failed(path, { kind: 'node-gone', nodeId: other });
    expect(pool.get(other)).toBeDefined();
    expect(path.strikes).toBe(1);
  });

  it('takes another guard when one cannot be reached', () => {
    const { paths, pool } = world(12);
    const path = paths.pathTo('x', NONE);
    const [guard = ''] = idsOf(path);
    paths.failed(path, { kind: 'guard-down' });
    expect(pool.isUsable(guard)).toBe(false);
    expect(idsOf(paths.pathTo('x', NONE))).not.toContain(guard);
  });

  it.each([
    [2, 1],
    [3, 2],
    [4, 3],
    [8, 3],
  ])('of a private network of %d nodes has %d hops', (count, hops) => {
    const { paths } = world(count);
    expect(paths.pathTo(node(0).ed25519, NONE).nodes).toHaveLength(hops);
  });

  it('of a larger network is never shorter, even when most nodes are set aside', () => {
    const { paths, pool } = world(9);
    for (let index = 0; index < 6; index++) pool.setAside(node(index).ed25519);
    expect(() => paths.pathTo(node(8).ed25519, NONE)).toThrow(NetworkTooSmall);
    expect(paths.pathTo(node(0).ed25519, NONE).nodes).toHaveLength(3);
  });

  it('does not exist in an empty network, nor where all nodes are in one /24', () => {
    expect(() => world(0).paths.pathTo('x', NONE)).toThrow(NetworkTooSmall);
    const { paths, pool } = world(0);
    pool.replace([1, 2, 3, 4].map((index) => ({ ...node(index), ip: '127.0.0.1' })));
    expect(() => paths.pathTo('x', NONE)).toThrow(SubnetsTooFew);
  });
});
