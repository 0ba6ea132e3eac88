import { runProgram } from './run-program.js';

/** `docker info` answers in a fraction of this where an engine runs. */
const PROBE_TIMEOUT_MS = 3_000;
/** Pulling 50 MB over a slow line. */
const PULL_TIMEOUT_MS = 300_000;

/** True when `docker` is there and its engine answers. */
export async function engineAnswers(): Promise<boolean> {
  try {
    await runProgram('docker', ['info', '--format', '{{.ID}}'], { timeoutMs: PROBE_TIMEOUT_MS });
    return true;
  } catch {
    return false;
  }
}

/** Fetches an image unless it is there. Throws Problem. */
export async function ensureImage(image: string): Promise<void> {
  try {
    await runProgram('docker', ['image', 'inspect', image], { timeoutMs: PROBE_TIMEOUT_MS });
  } catch {
    await runProgram('docker', ['pull', '--quiet', image], { timeoutMs: PULL_TIMEOUT_MS });
  }
}

/** Removes a container that was left behind; silent when there is none. */
export async function removeContainer(name: string): Promise<void> {
  await runProgram('docker', ['rm', '--force', name], { timeoutMs: PROBE_TIMEOUT_MS * 5 }).catch(() => '');
}
