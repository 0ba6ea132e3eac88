import { existsSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { runProgram } from './run-program.js';

/** A mirror that answers needs seconds; a slow line needs minutes. */
const APT_TIMEOUT_MS = 300_000;
const SYSTEMCTL_TIMEOUT_MS = 10_000;
const POLICY_FILE = '/usr/sbin/policy-rc.d';
/** invoke-rc.d(8): 101 means that no service may be started. */
const POLICY_NO_START = '#!/bin/sh\nexit 101\n';

/** True on Debian, Ubuntu and what derives from them, when we may install packages. */
export function canInstallPackages(): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  try {
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/**
 * Installs server packages without letting them start a server of their own, now or at the next boot.
 * Throws Problem.
 */
export async function installServerPackages(packages: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const apt = (...args: string[]): Promise<string> =>
    runProgram('apt-get', ['-qq', ...args], {
      timeoutMs: APT_TIMEOUT_MS,
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  const isPolicyOurs = !existsSync(POLICY_FILE);
  if (isPolicyOurs) await writeFile(POLICY_FILE, POLICY_NO_START, { mode: 0o755 });
  try {
    await apt('update');
    await apt('install', '--yes', '--no-install-recommends', ...packages);
  } finally {
    if (isPolicyOurs) await rm(POLICY_FILE, { force: true });
  }
  if (existsSync('/run/systemd/system')) {
    await runProgram('systemctl', ['disable', '--now', ...packages], { timeoutMs: SYSTEMCTL_TIMEOUT_MS }).catch(
      () => '',
    );
  }
}
