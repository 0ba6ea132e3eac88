import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  decodeCommandAnswers,
  decodeCommandCall,
  encodeCommandAnswers,
  encodeCommandCall,
  type CommandAnswer,
} from './command-frame.js';
import { ContractError } from './contract-error.js';

const bytes = fc.uint8Array({ maxLength: 200 });
const calls = fc.record({
  from: fc.stringMatching(/^[0-9a-f]{64}$/),
  commands: fc.array(
    fc.record({ method: fc.string({ maxLength: 300 }), params: bytes, budgetMs: fc.nat({ max: 0xffff_ffff }) }),
    { maxLength: 255 },
  ),
});
const answers = fc.array(
  fc.option(fc.record({ status: fc.integer({ min: 1, max: 0xffff }), body: bytes }), { nil: null }),
  { maxLength: 255 },
);

describe('commands of a member', () => {
  it('come out as they went in, whatever their names are', () => {
    fc.assert(fc.property(calls, (call) => expect(decodeCommandCall(encodeCommandCall(call))).toEqual(call)));
  });

  it('are refused when a frame is cut or goes on', () => {
    fc.assert(
      fc.property(calls, fc.nat(), (call, cut) => {
        const frame = encodeCommandCall(call);
        expect(() => decodeCommandCall(frame.subarray(0, cut % frame.length))).toThrow(ContractError);
        expect(() => decodeCommandCall(Uint8Array.of(...frame, 0))).toThrow(ContractError);
      }),
    );
  });

  it('are refused when they are more than a frame holds, or of another version', () => {
    const command = { method: 'store', params: new Uint8Array(), budgetMs: 1 };
    const commands = Array.from({ length: 256 }, () => command);
    expect(() => encodeCommandCall({ from: 'ab', commands })).toThrow(ContractError);
    const frame = encodeCommandCall({ from: 'ab', commands: [command] });
    frame[0] = 9;
    expect(() => decodeCommandCall(frame)).toThrow(ContractError);
  });

  it('have whole milliseconds, and never less than none', () => {
    const decoded = (budgetMs: number): number | undefined => {
      const commands = [{ method: 'store', params: new Uint8Array(), budgetMs }];
      return decodeCommandCall(encodeCommandCall({ from: 'ab', commands })).commands[0]?.budgetMs;
    };
    expect([decoded(2_205.5), decoded(-3)]).toEqual([2_205, 0]);
  });
});

describe('answers to commands', () => {
  it('come out as they went in, those that are missing too', () => {
    fc.assert(fc.property(answers, (all) => expect(decodeCommandAnswers(encodeCommandAnswers(all))).toEqual(all)));
  });

  it('are refused when a frame is cut or goes on', () => {
    fc.assert(
      fc.property(answers, fc.nat(), (all, cut) => {
        const frame = encodeCommandAnswers(all);
        expect(() => decodeCommandAnswers(frame.subarray(0, cut % frame.length))).toThrow(ContractError);
        expect(() => decodeCommandAnswers(Uint8Array.of(...frame, 0))).toThrow(ContractError);
      }),
    );
  });

  it('are refused when they are more than a frame holds', () => {
    const all = Array.from({ length: 256 }, (): CommandAnswer => null);
    expect(() => encodeCommandAnswers(all)).toThrow(ContractError);
  });
});
