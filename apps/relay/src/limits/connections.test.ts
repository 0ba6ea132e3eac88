import { describe, expect, it } from '@jest/globals';
import { connectionsFor } from './connections.js';

const MIB = 1024 * 1024;

describe('connections of the public port', () => {
  it.each([
    { memory: 2_048, workers: 1, connections: 23_008 },
    { memory: 1_024, workers: 1, connections: 6_624 },
    { memory: 2_048, workers: 2, connections: 6_624 },
    { memory: 1_024, workers: 4, connections: 1_000 },
    { memory: 64, workers: 1, connections: 1_000 },
  ])('are $connections with $memory MiB for $workers processes', ({ memory, workers, connections }) => {
    expect(connectionsFor(memory * MIB, workers)).toBe(connections);
  });
});
