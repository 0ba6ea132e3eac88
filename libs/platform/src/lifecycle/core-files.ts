import { readFileSync } from 'node:fs';

const LIMIT = /^Max core file size\s+(\S+)/m;

/** Whether a crash of this process would leave its memory on a disk, the node key in it. False where nobody can tell. */
export function writesCoreFiles(readLimits: () => string = () => readFileSync('/proc/self/limits', 'utf8')): boolean {
  try {
    const [, soft] = LIMIT.exec(readLimits()) ?? [];
    return soft !== undefined && soft !== '0';
  } catch {
    return false; // another system than Linux
  }
}
