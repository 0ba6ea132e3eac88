import { describe, expect, it } from '@jest/globals';
import type { NetworkSnapshot } from '#protocol';
import { ContractError } from './contract-error.js';
import { decodeSnapshot, encodeSnapshot } from './membership.js';

const snapshot: NetworkSnapshot = {
  height: 7,
  blockHash: 'ab'.repeat(32),
  hardfork: [19, 4],
  nodes: [
    {
      ed25519: '01'.repeat(32),
      x25519: '02'.repeat(32),
      ip: '127.0.0.1',
      httpsPort: 22_021,
      peerPort: 22_020,
      state: 'active',
      swarmId: 9_223_372_036_854_775_809n,
      version: [2, 8, 0],
    },
  ],
};

const altered = (change: (message: Record<string, unknown>) => void): Uint8Array => {
  const message = JSON.parse(new TextDecoder().decode(encodeSnapshot(snapshot))) as Record<string, unknown>;
  change(message);
  return new TextEncoder().encode(JSON.stringify(message));
};

describe('the membership message', () => {
  it('keeps a swarm id that a JSON number would round', () => {
    expect(decodeSnapshot(encodeSnapshot(snapshot))).toEqual(snapshot);
  });

  it.each([
    ['bytes that are not text', Uint8Array.from([0xff, 0xfe])],
    ['text that is not JSON', new TextEncoder().encode('{')],
    ['another contract version', altered((message) => (message.contract = 99))],
    ['a missing field', altered((message) => delete message.nodes)],
    [
      'a swarm id as a number',
      altered(
        (message) =>
          ((message.nodes as Record<string, unknown>[])[0] = { ...(message.nodes as object[])[0], swarmId: 5 }),
      ),
    ],
  ])('refuses %s', (_name, bytes) => {
    expect(() => decodeSnapshot(bytes)).toThrow(ContractError);
  });
});
