import type { Span } from '#testing';
import { inWords, ticks } from './numbers.js';
import type { Box } from './shapes.js';
import { element, words } from './svg.js';
import { FAINT, GRID, SMALL } from './theme.js';

export const TIME_AXIS_HEIGHT = 15;
/** Of words below the plot, so that they do not touch. */
const WIDTH_OF_TIME = 70;

/** Where a time stands in a plot. */
export const timeScale =
  ({ from, to }: Span, plot: Box) =>
  (seconds: number): number =>
    plot.x + ((seconds - from) / (to - from)) * plot.width;

/** Lines and words for round times since the beginning. */
export function drawTimes(span: Span, plot: Box): string {
  const x = timeScale(span, plot);
  const length = span.to - span.from;
  return ticks(0, length, 's', Math.max(2, plot.width / WIDTH_OF_TIME))
    .filter((since) => since <= length)
    .flatMap((since) => {
      const at = x(span.from + since);
      const isLast = at + WIDTH_OF_TIME / 3 > plot.x + plot.width;
      const anchor = since === 0 ? 'start' : isLast ? 'end' : 'middle';
      return [
        element('path', { d: `M${at.toFixed(1)} ${plot.y}v${plot.height}`, stroke: GRID }),
        words(inWords(since, 's'), at, plot.y + plot.height + 12, {
          'text-anchor': anchor,
          'font-size': SMALL,
          fill: FAINT,
        }),
      ];
    })
    .join('');
}
