import { open } from 'node:fs/promises';

const TAIL_BYTES = 8_192;
const MAX_SENTENCES = 3;
/** Where a crash happened, which Node prints around the one line that says what happened. */
const CRASH_DETAIL = /^(\s|file:\/\/|node:|Node\.js v)/;
/** Levels of our logs: 40 is a warning. */
const WARNING = 40;

/**
 * The last thing a process said that explains why it does not run: sentences that services write for people, else
 * warnings and errors of the log. Empty when it said nothing of the kind. What stands before byte `start` is of
 * earlier runs.
 */
export async function lastWords(logFile: string, start: number): Promise<string> {
  const lines = (await tailOf(logFile, start)).split('\n').filter((line) => line.trim());
  const sentences = lines.filter((line) => !line.startsWith('{') && !CRASH_DETAIL.test(line));
  const events = lines.map(warningIn).filter((event) => event !== null);
  return (sentences.length > 0 ? sentences : events).slice(-MAX_SENTENCES).join(' ');
}

function warningIn(line: string): string | null {
  if (!line.startsWith('{')) return null;
  try {
    const { level, msg, event } = JSON.parse(line) as { level?: unknown; msg?: unknown; event?: unknown };
    const text = typeof msg === 'string' ? msg : event;
    const isGrave = level === 'warn' || level === 'error' || (typeof level === 'number' && level >= WARNING);
    return isGrave && typeof text === 'string' ? text : null;
  } catch {
    return null;
  }
}

async function tailOf(path: string, start: number): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const length = Math.max(0, Math.min(size - start, TAIL_BYTES));
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}
