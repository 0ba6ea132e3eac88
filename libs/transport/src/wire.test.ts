import { describe, expect, it } from '@jest/globals';
import { bencode } from '#protocol';
import { MAX_COMMANDS, decodeCommands, encodeCommands } from './wire.js';

describe('commands on the wire', () => {
  const commands = (count: number): Uint8Array =>
    encodeCommands(Array.from({ length: count }, () => ({ method: 'store', params: bencode({}), budgetMs: 9_000 })));

  it('are read up to the most that one request holds', () => {
    expect(decodeCommands(commands(MAX_COMMANDS))).toHaveLength(MAX_COMMANDS);
  });

  it.each([
    ['one more', commands(MAX_COMMANDS + 1)],
    ['a list of a million empty strings', Buffer.from(`l${'0:'.repeat(1_000_000)}e`)],
    ['a command with a list of them', Buffer.from(`ll${'0:'.repeat(1_000_000)}ee`)],
  ])('are refused before they become values: %s', (_what, bytes) => {
    expect(() => decodeCommands(bytes)).toThrow('not a bencoded list');
  });
});
