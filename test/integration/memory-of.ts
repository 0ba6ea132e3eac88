import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** Read at a time; what lies across two pieces is found in the overlap. */
const PIECE_BYTES = 8 * 1024 * 1024;

/** Whether this user may look into the memory of processes that it started. */
export function canReadMemory(pid: number): boolean {
  try {
    closeSync(openSync(`/proc/${pid}/mem`, 'r'));
    return true;
  } catch {
    return false;
  }
}

/** Whether any of these bytes are anywhere in what a process may write to: its heaps, its buffers, its stacks. */
export function isInMemoryOf(pid: number, needles: readonly Buffer[]): boolean {
  const longest = Math.max(...needles.map(({ length }) => length));
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const piece = Buffer.alloc(PIECE_BYTES + longest);
  try {
    for (const [from, to] of writableRegions(pid)) {
      for (let at = from; at < to; at += PIECE_BYTES) {
        const read = readAt(memory, piece, at, Math.min(piece.length, to - at));
        const seen = piece.subarray(0, read);
        if (needles.some((needle) => seen.includes(needle))) return true;
      }
    }
    return false;
  } finally {
    closeSync(memory);
  }
}

/** 0 for what cannot be read: it went away meanwhile, or is the system's own. */
function readAt(file: number, into: Buffer, position: number, length: number): number {
  try {
    return readSync(file, into, 0, length, position);
  } catch {
    return 0;
  }
}

function writableRegions(pid: number): [number, number][] {
  const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
  return lines.flatMap((line): [number, number][] => {
    const [, from = '', to = ''] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
    return from === '' ? [] : [[Number.parseInt(from, 16), Number.parseInt(to, 16)]];
  });
}
