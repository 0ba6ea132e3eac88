import type { Box } from './shapes.js';
import { element, widthOf, words } from './svg.js';
import { FAINT, SMALL } from './theme.js';

export const LEGEND_LINE = 14;
const MARK = 14;
const BETWEEN = 10;

export interface Entry {
  readonly name: string;
  readonly color: string;
}

/** Entries from left to right, in as many lines as they need. */
export function layLegend(entries: readonly Entry[], width: number): readonly (readonly Entry[])[] {
  const lines: Entry[][] = [[]];
  let taken = 0;
  for (const entry of entries) {
    const needed = MARK + widthOf(entry.name, SMALL) + BETWEEN;
    if (taken > 0 && taken + needed > width) {
      lines.push([]);
      taken = 0;
    }
    lines.at(-1)?.push(entry);
    taken += needed;
  }
  return lines;
}

/** Lines of a legend from the top of a box on. */
export function drawLegend(lines: readonly (readonly Entry[])[], { x, y }: Pick<Box, 'x' | 'y'>): string {
  return lines
    .flatMap((line, index) => {
      const middle = y + (index + 0.5) * LEGEND_LINE;
      let at = x;
      return line.map(({ name, color }) => {
        const start = at;
        at += MARK + widthOf(name, SMALL) + BETWEEN;
        return (
          element('rect', { x: start, y: middle - 1.5, width: MARK - 4, height: 3, rx: 1, fill: color }) +
          words(name, start + MARK, middle + 3.5, { 'font-size': SMALL, fill: FAINT })
        );
      });
    })
    .join('');
}
