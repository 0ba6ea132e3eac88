/** Up to this length libstdc++ sorts by insertion only. */
const SHORT = 16;

/**
 * Sorts numbered entries by a number, ascending, in place and in the order in which `std::sort` of libstdc++ leaves
 * equal ones. That order decides who joins which swarm on the public network, so a stable sort would disagree with
 * it. docs/protocol/swarms.md §2.4
 */
export function sortLikeLibstdcxx<T>(entries: T[], numberOf: (entry: T) => number): void {
  new Introsort(entries, numberOf).sort();
}

/** Ranges are [first, last). */
class Introsort<T> {
  constructor(
    private readonly entries: T[],
    private readonly numberOf: (entry: T) => number,
  ) {}

  sort(): void {
    const { length } = this.entries;
    if (length > 1) this.loop(0, length, 2 * floorLog2(length));
    const guarded = Math.min(length, SHORT);
    for (let index = 1; index < guarded; index += 1) this.insert(index);
    // Past the first 16 the smallest entry is already in front, so that here no entry gets to the very beginning.
    for (let index = guarded; index < length; index += 1) this.insert(index);
  }

  /** Quicksort down to short ranges; a range that used up its depth is heap sorted instead. */
  private loop(first: number, last: number, depth: number): void {
    let end = last;
    for (let left = depth; end - first > SHORT; left -= 1) {
      if (left === 0) {
        this.heapSort(first, end);
        return;
      }
      const cut = this.partition(first, end);
      this.loop(cut, end, left - 1);
      end = cut;
    }
  }

  private partition(first: number, last: number): number {
    this.swap(first, this.median(first + 1, first + Math.floor((last - first) / 2), last - 1));
    const pivot = this.number(first);
    let low = first + 1;
    let high = last;
    for (;;) {
      while (this.number(low) < pivot) low += 1;
      high -= 1;
      while (pivot < this.number(high)) high -= 1;
      if (low >= high) return low;
      this.swap(low, high);
      low += 1;
    }
  }

  private median(a: number, b: number, c: number): number {
    if (this.isLess(a, b)) {
      if (this.isLess(b, c)) return b;
      return this.isLess(a, c) ? c : a;
    }
    if (this.isLess(a, c)) return a;
    return this.isLess(b, c) ? c : b;
  }

  private insert(index: number): void {
    const entry = this.at(index);
    const value = this.numberOf(entry);
    let hole = index;
    for (; hole > 0 && value < this.number(hole - 1); hole -= 1) this.entries[hole] = this.at(hole - 1);
    this.entries[hole] = entry;
  }

  private heapSort(first: number, last: number): void {
    const length = last - first;
    for (let parent = Math.floor((length - 2) / 2); parent >= 0; parent -= 1) {
      this.sink(first, parent, length, this.at(first + parent));
    }
    for (let end = length - 1; end > 0; end -= 1) {
      const entry = this.at(first + end);
      this.entries[first + end] = this.at(first);
      this.sink(first, 0, end, entry);
    }
  }

  /** Moves the hole at `top` down to a leaf and lets the entry rise from there. Positions count from `first`. */
  private sink(first: number, top: number, length: number, entry: T): void {
    let hole = top;
    for (let right = 2 * hole + 2; right <= length; right = 2 * hole + 2) {
      const child = right === length || this.isLess(first + right, first + right - 1) ? right - 1 : right;
      this.entries[first + hole] = this.at(first + child);
      hole = child;
    }
    const value = this.numberOf(entry);
    while (hole > top) {
      const parent = (hole - 1) >> 1;
      if (this.number(first + parent) >= value) break;
      this.entries[first + hole] = this.at(first + parent);
      hole = parent;
    }
    this.entries[first + hole] = entry;
  }

  private swap(a: number, b: number): void {
    const entry = this.at(a);
    this.entries[a] = this.at(b);
    this.entries[b] = entry;
  }

  private isLess(a: number, b: number): boolean {
    return this.number(a) < this.number(b);
  }

  private number(index: number): number {
    return this.numberOf(this.at(index));
  }

  private at(index: number): T {
    const entry = this.entries[index];
    if (entry === undefined) throw new RangeError(`no entry ${index}`);
    return entry;
  }
}

const floorLog2 = (value: number): number => 31 - Math.clz32(value);
