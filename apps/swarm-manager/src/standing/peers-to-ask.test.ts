import { describe, expect, it } from '@jest/globals';
import type { NodeRecord } from '#protocol';
import { aNodeRecord } from '#testing';
import { askable, peersToAsk } from './peers-to-ask.js';

const SELF = `40${'00'.repeat(31)}`;
const node = (firstByte: number, changes: Partial<NodeRecord> = {}): NodeRecord =>
  aNodeRecord({ ed25519: firstByte.toString(16).padStart(2, '0') + '00'.repeat(31), ...changes });
const firstBytes = (nodes: readonly NodeRecord[]): string[] => nodes.map(({ ed25519 }) => ed25519.slice(0, 2));

describe('the nodes that are asked', () => {
  it('are others, active, with an address, those first whose keys are nearest to ours', () => {
    const nodes = [node(0x40), node(0x4f), node(0x41), node(0x00), node(0x42), node(0x43, { state: 'decommissioned' })];
    expect(firstBytes(askable(SELF, [...nodes, node(0x44, { ip: '0.0.0.0' })]))).toEqual(['41', '42', '4f', '00']);
  });

  it('are seven, the nearest three of them always, and in time everybody', () => {
    const all = askable(
      SELF,
      Array.from({ length: 100 }, (_unused, index) => node(index)),
    );
    const seen = new Set<string>();
    for (let time = 0; time < 300; time += 1) {
      const asked = peersToAsk(all, Math.random);
      expect(asked).toHaveLength(7);
      expect(asked.slice(0, 3)).toEqual(all.slice(0, 3));
      expect(new Set(asked).size).toBe(7);
      for (const { ed25519 } of asked) seen.add(ed25519);
    }
    expect(seen.size).toBe(99);
  });

  it('are all of a small network', () => {
    const all = askable(SELF, [node(0x01), node(0x02), node(0x03), node(0x04)]);
    expect(firstBytes(peersToAsk(all, () => 0.5)).toSorted()).toEqual(['01', '02', '03', '04']);
    expect(peersToAsk([], () => 0.5)).toEqual([]);
  });
});
