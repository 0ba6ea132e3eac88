import { describe, expect, it } from '@jest/globals';
import { bencode } from '#protocol';
import { MAX_COMMANDS, decodeCommands, encodeCommands } from './wire.js';

/** Parameters come as views into what was received. */
const asViews = <T extends { readonly params: Uint8Array }>(one: T): T => ({ ...one, params: Buffer.from(one.params) });

describe('commands on the wire', () => {
  const command = { method: 'store', params: bencode({ data: 'x' }), budgetMs: 9_000 };
  const commands = (count: number): Uint8Array =>
    Buffer.concat(encodeCommands(Array.from({ length: count }, () => command)));

  it('are the bencoding of a list of lists', () => {
    const other = { method: 'get_swarm', params: bencode({}), budgetMs: 0.5 };
    const whole = Buffer.concat(encodeCommands([command, other]));
    const lists = [
      [command.method, command.params, 9_000],
      [other.method, other.params, 0],
    ];
    expect(whole.equals(bencode(lists))).toBe(true);
    expect(decodeCommands(whole)).toEqual([command, { ...other, budgetMs: 0 }].map(asViews));
  });

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
