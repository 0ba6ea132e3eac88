import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Command } from 'ioredis';
import { ScriptCommand, type LuaArgument } from './script-command.js';

const SHA = 'a'.repeat(40);

/** The same command as the driver writes it. */
function byDriver(operands: readonly LuaArgument[]): Buffer {
  const command = new Command('EVALSHA', [SHA, 2, ...operands]);
  command.stringifyArguments();
  return Buffer.from(command.toWritable({}));
}

describe('the command of a script', () => {
  it('is written as the driver would write it', () => {
    const operand = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.maxSafeInteger(),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(fc.array(operand), (operands) => {
        expect(new ScriptCommand(SHA, 2, operands).toWritable().equals(byDriver(operands))).toBe(true);
      }),
    );
  });
});
