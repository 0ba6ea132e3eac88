import { openSync, readSync } from 'node:fs';
import type { TestNode } from '#testing';

/** Looks at what a node writes and whether it still runs. */
export class NodeWatch {
  readonly #log: number;
  readonly #pids: readonly number[];
  #rest = '';

  constructor(private readonly node: TestNode) {
    this.#log = openSync(node.logFile(), 'r');
    this.#pids = [...new Set(Object.values(node.pids))].filter((pid) => pid !== null);
  }

  /** What is wrong since the last look: lines of level error, lines that are none of the log, a process that ended. */
  problems(): string[] {
    const problems = this.#newLines().filter((line) => !isHarmless(line));
    for (const pid of this.#pids) {
      if (!isAlive(pid)) problems.push(`process ${pid} of ${this.node.name} has ended`);
    }
    return problems;
  }

  #newLines(): string[] {
    const buffer = Buffer.alloc(256 * 1024);
    for (let bytes = readSync(this.#log, buffer); bytes > 0; bytes = readSync(this.#log, buffer)) {
      this.#rest += buffer.toString('utf8', 0, bytes);
    }
    const lines = this.#rest.split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.filter((line) => line !== '');
  }
}

function isHarmless(line: string): boolean {
  try {
    const { level } = JSON.parse(line) as { readonly level?: string };
    return level === 'info' || level === 'warn' || level === 'debug' || level === 'trace';
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
