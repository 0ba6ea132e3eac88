import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { aliveOnes, recordOf, stopAll } from '../../../apps/cli/src/devnet/run/process-record.js';
import type { ProcessRecord } from '../../../apps/cli/src/devnet/run/process-record.js';

describe('the record of a process', () => {
  const children: ChildProcess[] = [];
  afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

  const started = async (script: string): Promise<ProcessRecord> => {
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    children.push(child);
    await once(child.stdout, 'data'); // it has set itself up
    const record = await recordOf('test', child.pid ?? 0);
    if (!record) throw new Error('it ended early');
    return record;
  };

  it('finds the process while it lives', async () => {
    const record = await started('console.log(1); setInterval(() => 1, 1000)');
    expect(await aliveOnes([record])).toEqual([record]);
    await stopAll([record]);
    expect(await aliveOnes([record])).toEqual([]);
    expect(await recordOf('test', record.pid)).toBeNull();
  });

  it('leaves a process alone that only has the number of ours', async () => {
    const record = await started('console.log(1); setInterval(() => 1, 1000)');
    await stopAll([{ ...record, began: 'another time' }]);
    expect(await aliveOnes([record])).toEqual([record]);
  });

  it('ends a process that does not listen', async () => {
    const record = await started('process.on("SIGTERM", () => 1); console.log(1); setInterval(() => 1, 1000)');
    await stopAll([record], { patienceMs: 200 });
    expect(await aliveOnes([record])).toEqual([]);
  });
});
