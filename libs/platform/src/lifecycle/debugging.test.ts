import { describe, expect, it } from '@jest/globals';
import { debuggingProblems } from './debugging.js';

describe('a service', () => {
  it.each([
    '--inspect',
    '--inspect=0.0.0.0:9229',
    '--inspect-brk',
    '--tls-keylog=/tmp/keys',
    '--trace-tls',
    '--heapsnapshot-signal=SIGUSR2',
    '--report-on-signal',
    '--report-uncaught-exception',
    '--abort-on-uncaught-exception',
  ])('does not run with %s, wherever it stands', (option) => {
    const name = option.replace(/=.*/, '');
    const problem = `${name}: shows what is in memory, the node key too; start without it, also in NODE_OPTIONS`;
    expect(debuggingProblems({}, ['--import', 'x.js', option])).toEqual([problem]);
    expect(debuggingProblems({ NODE_OPTIONS: `--cpu-prof ${option}` }, [option])).toEqual([problem]);
  });

  it.each([
    ['NODE_DEBUG', 'http'],
    ['NODE_DEBUG_NATIVE', 'tls'],
    ['DEBUG', '*'],
    ['DEBUG', 'testcontainers,ioredis:*'],
  ])('does not run with %s=%s', (name, value) => {
    expect(debuggingProblems({ [name]: value }, [])).toEqual([
      `${name}: prints what comes in and goes out, people and keys too; remove it`,
    ]);
  });

  it('runs with what measures or shapes the process', () => {
    const options = ['--max-semi-space-size=4', '--cpu-prof', '--optimize-for-size', '--enable-source-maps'];
    expect(debuggingProblems({ DEBUG: 'testcontainers*', NODE_DEBUG: '', NODE_OPTIONS: '' }, options)).toEqual([]);
  });
});
