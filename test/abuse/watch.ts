import { readdirSync, readFileSync } from 'node:fs';

const PAGE_BYTES = 4_096;
const MIB = 1024 * 1024;
/** Short against what an attack takes, long against the cost of looking. */
const LOOK_MS = 100;

/** Resident memory of a process, in MiB. Linux only. */
function residentMiB(pid: number): number {
  const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
  return (Number(pages) * PAGE_BYTES) / MIB;
}

/** Files and connections that a process has open. */
function openFiles(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** How many a process may have open; Node raises its own limit to the highest that it may have. */
export function openFilesLimit(): number {
  const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
  return limit === undefined ? Infinity : Number(limit);
}

/** Looks at a process from time to time and keeps the highest values. */
export class Watch {
  peakMiB: number;
  peakFiles: number;
  readonly startMiB: number;
  private readonly timer: NodeJS.Timeout;
  private ending: unknown;

  constructor(private readonly pid: number) {
    this.startMiB = this.peakMiB = residentMiB(pid);
    this.peakFiles = openFiles(pid);
    this.timer = setInterval(() => this.look(), LOOK_MS);
  }

  /** Why there was nothing to look at any more; undefined while the process runs. */
  get ended(): unknown {
    return this.ending;
  }

  stop(): void {
    clearInterval(this.timer);
    this.look();
  }

  private look(): void {
    if (this.ending !== undefined) return;
    try {
      this.peakMiB = Math.max(this.peakMiB, residentMiB(this.pid));
      this.peakFiles = Math.max(this.peakFiles, openFiles(this.pid));
    } catch (cause) {
      this.ending = cause;
    }
  }
}
