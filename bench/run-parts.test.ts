import { describe, expect, it } from '@jest/globals';
import { runParts, type BenchParts } from './run-parts.js';

const OPTIONS = { rounds: 1, seconds: 1 };
const fault = new Error('the port is taken');
const PARTS: BenchParts = {
  one: () => Promise.resolve({ table: 'one: 1', figures: { one: 1 } }),
  broken: () => Promise.reject(fault),
  two: () => Promise.resolve({ table: 'two: 2', figures: { two: 2 } }),
  long: () => Promise.resolve({ table: 'long: 3', figures: { long: 3 } }),
};

describe('the parts of a bench', () => {
  it('keep their figures when one of them fails, which is told', async () => {
    expect(await runParts('test', PARTS, new Set(['long']), OPTIONS)).toEqual({
      table: 'one: 1\n\ntwo: 2',
      figures: { one: 1, two: 2 },
      failures: [{ part: 'broken', cause: fault }],
    });
  });

  it('are those that were asked for', async () => {
    const { figures, failures } = await runParts('test', PARTS, new Set(['long']), { ...OPTIONS, parts: ['long'] });
    expect([figures, failures]).toEqual([{ long: 3 }, []]);
  });

  it('are all known before the first one runs', async () => {
    const parts: BenchParts = { one: () => Promise.reject(new Error('it ran')) };
    await expect(runParts('test', parts, new Set(), { ...OPTIONS, parts: ['one', 'tow'] })).rejects.toThrow(
      'no part tow: there are one',
    );
  });
});
