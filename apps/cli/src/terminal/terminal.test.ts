import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Progress } from './progress.js';
import { Terminal } from './terminal.js';

const CSI = '\u001b[';

function sink(isTTY = false): { isTTY: boolean; text: string; write: (text: string) => void } {
  const it = { isTTY, text: '', write: (text: string) => void (it.text += text) };
  return it;
}

describe('a terminal', () => {
  it.each([
    ['on a terminal', true, {}, false, true],
    ['not in a file', false, {}, false, false],
    ['not where nobody wants them', true, { NO_COLOR: '1' }, false, false],
    ['not on a simple terminal', true, { TERM: 'dumb' }, false, false],
    ['not in JSON', true, {}, true, false],
  ])('has colours %s', (_name, isTTY, env, json, expected) => {
    const terminal = new Terminal({ stdout: sink(isTTY), stderr: sink(isTTY), env, json });
    expect(terminal.colors.red('text').includes(CSI)).toBe(expected);
  });

  it('prints either lines or one object', () => {
    const [lines, objects] = [sink(), sink()];
    for (const [stdout, json] of [
      [lines, false],
      [objects, true],
    ] as const) {
      const terminal = new Terminal({ stdout, stderr: sink(), env: {}, json });
      terminal.line('a line');
      terminal.object({ an: 'object' });
    }
    expect(lines.text).toBe('a line\n');
    expect(objects.text).toBe('{"an":"object"}\n');
  });
});

describe('progress', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('says nothing of what is done within a second', () => {
    const stderr = sink();
    const progress = new Progress(stderr, 'starting');
    jest.advanceTimersByTime(900);
    progress.end();
    jest.advanceTimersByTime(10_000);
    expect(stderr.text).toBe('');
  });

  it('writes a line to a log when something changed, and not otherwise', () => {
    const stderr = sink();
    const progress = new Progress(stderr, 'starting');
    jest.advanceTimersByTime(5_000);
    progress.update('1 of 2');
    jest.advanceTimersByTime(5_000);
    progress.end();
    expect(stderr.text).toBe('starting …\nstarting: 1 of 2 …\n');
  });

  it('leaves no trace on a terminal', () => {
    const stderr = sink(true);
    const progress = new Progress(stderr, 'starting');
    jest.advanceTimersByTime(3_000);
    progress.end();
    expect(stderr.text.endsWith('\r\u001b[K')).toBe(true);
    expect(stderr.text).not.toContain('\n');
  });
});
