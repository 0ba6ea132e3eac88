import { describe, expect, it } from '@jest/globals';
import { writesCoreFiles } from './core-files.js';

const limits = (soft: string) => () =>
  `Max stack size            8388608              unlimited            bytes\nMax core file size        ${soft.padEnd(20)} unlimited            bytes\n`;

describe('the memory of a process that crashes', () => {
  it.each([
    ['0', false],
    ['unlimited', true],
    ['1024', true],
  ])('with a limit of %s may be left on a disk: %s', (soft, expected) => {
    expect(writesCoreFiles(limits(soft))).toBe(expected);
  });

  it('is not known where there are no such limits', () => {
    expect(writesCoreFiles(() => '')).toBe(false);
    expect(
      writesCoreFiles(() => {
        throw new Error('no such file');
      }),
    ).toBe(false);
  });
});
