import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './prepare.mjs';
import { run } from './run.mjs';

const JEST = [
  process.execPath,
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];

/** Runs tests and gives the exit code with Jest's own report, which is undefined when there is none. `untilInputEnds`: as `run` has it. */
export async function runJest(args, env = {}, { untilInputEnds = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'starling-test-'));
  const file = join(folder, 'report.json');
  try {
    const { code } = await run([...JEST, '--json', '--outputFile', file, ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      untilInputEnds,
    });
    return { code, report: readReport(file) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** How many tests passed, failed and were skipped. A run that ends badly without saying why has failed as a whole. */
export function countsOf({ code, report }) {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites } = report;
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  return {
    passed: numPassedTests,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: numPendingTests + numTodoTests,
  };
}
