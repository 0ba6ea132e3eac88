import { describe, expect, it } from '@jest/globals';
import { foldProfile, type CpuProfile } from './fold-profile.js';

const SECOND = 1e6;

const frame = (id: number, functionName: string, url: string, children: number[] = []) => ({
  id,
  callFrame: { functionName, url },
  children,
});

const profile = (samples: number[], timeDeltas: number[]): CpuProfile => ({
  nodes: [
    frame(1, '(root)', '', [2, 3, 6]),
    frame(2, '(idle)', ''),
    frame(3, 'handle', 'file:///x/apps/relay/src/onion/onion-handler.js', [4, 5]),
    frame(4, 'exports.crypto_scalarmult', 'file:///x/node_modules/sodium-native/index.js'),
    frame(5, 'writev', ''),
    frame(6, 'listOnTimeout', 'node:internal/timers'),
  ],
  samples,
  timeDeltas,
});

describe('a folded profile', () => {
  it('gives each sample to its line, idle time to none', () => {
    const samples = [2, 4, 4, 5, 3, 6, 2];
    const deltas = [100, 200, 200, 300, 200, 100, 0.6 * SECOND];
    const lines = foldProfile(profile(samples, deltas), 10);
    expect(lines.map(({ line, share }) => [line, Math.round(share * 100)])).toEqual([
      ['X25519', 40],
      ['socket writes with TLS', 30],
      ['onion steps', 20],
      ['timers, promises and the rest', 10],
    ]);
    expect(lines[0]?.busiest).toEqual(['exports.crypto_scalarmult']);
  });

  it('looks at the end only, less the shutdown', () => {
    const lines = foldProfile(profile([4, 3, 5], [SECOND, SECOND, 0.5 * SECOND]), 1);
    expect(lines.map(({ line }) => line)).toEqual(['onion steps']);
  });
});
